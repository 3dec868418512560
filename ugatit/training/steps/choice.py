"""Which ways of running a training step are tried, by name: decided here alone."""

import importlib.util
import os
import shutil
from dataclasses import dataclass

import torch

EAGER, GRAPH, COMPILED = "eager", "graph", "compiled"
COMPILING = 150.0
"""Seconds that compiling takes, measured for U-GAT-IT on an H200 with 16 cores."""
SAVED = 0.03
"""Seconds that a compiled step of one 256 px picture a domain takes less than a captured one, measured there."""


@dataclass(frozen=True)
class Situation:
    """What the choice depends on.

    processes: that train together. steps_left: of the run. pixels: of one domain in a step. can_compile: whether the
    compiler finds what it needs.
    """

    device: torch.device
    processes: int
    steps_left: int
    pixels: int
    can_compile: bool

    @property
    def compiling_pays(self) -> bool:
        """Whether the steps left save more time than compiling takes."""
        share = min(1.0, self.pixels / 256**2)
        return self.steps_left * SAVED * share > COMPILING


def choose(speed: str, situation: Situation) -> tuple[tuple[str, ...], str]:
    """Return the ways to try, fastest first and `eager` last, and a remark on what cannot be had, else "".

    speed: one of `ugatit.config.SPEEDS`.
    """
    kind = situation.device.type
    if speed == EAGER or (speed == "auto" and kind != "cuda"):
        return (EAGER,), ""
    if situation.processes > 1:
        return (EAGER,), "Several processes train together: steps run eagerly."
    if kind != "cuda" and (speed == GRAPH or kind != "cpu"):
        return (EAGER,), f"--speed {speed} needs a CUDA device: on {kind} steps run eagerly."
    captured = (GRAPH, EAGER) if kind == "cuda" else (EAGER,)
    if speed == GRAPH or (speed == "auto" and not situation.compiling_pays):
        return captured, ""
    if not situation.can_compile:
        needed = "a C++ compiler (g++)" if kind == "cpu" else "triton and a C compiler (gcc)"
        instead = "eagerly" if kind == "cpu" else "as one graph"
        return captured, f"Compiling needs {needed}, not found here: steps run {instead}."
    return (COMPILED, *captured), ""


def can_compile(device: torch.device) -> bool:
    """Return whether inductor finds its compiler for the device."""
    if device.type == "cpu":
        return shutil.which(os.environ.get("CXX", "g++")) is not None
    found = importlib.util.find_spec("triton") is not None
    return found and any(map(shutil.which, filter(None, (os.environ.get("CC"), "gcc", "clang"))))
