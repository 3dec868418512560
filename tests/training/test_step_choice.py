"""Which ways of running a step are tried: the table of `--speed` by device, processes, length and compiler."""

import shutil

import pytest
import torch

from ugatit.training.steps.choice import Situation, can_compile, choose

LONG, SHORT = 100_000, 1_000


def ways(speed: str, device: str = "cuda", steps: int = LONG, **changes: object) -> tuple[str, str]:
    values = {"processes": 1, "pixels": 256**2, "can_compile": True, **changes}
    names, remark = choose(speed, Situation(torch.device(device), steps_left=steps, **values))
    return " ".join(names), remark


@pytest.mark.parametrize(
    ("speed", "changes", "expected"),
    [
        ("auto", {}, "compiled graph eager"),
        ("auto", {"steps": SHORT}, "graph eager"),
        # Small pictures save less a step, so more steps are needed.
        ("auto", {"steps": 8_000}, "compiled graph eager"),
        ("auto", {"steps": 8_000, "pixels": 4 * 64**2}, "graph eager"),
        ("compiled", {"steps": SHORT}, "compiled graph eager"),
        ("graph", {}, "graph eager"),
        ("eager", {}, "eager"),
        ("auto", {"device": "cpu"}, "eager"),
        ("auto", {"device": "mps"}, "eager"),
        ("auto", {"device": "cpu", "processes": 2}, "eager"),
        ("eager", {"processes": 2}, "eager"),
        ("compiled", {"device": "cpu"}, "compiled eager"),
    ],
)
def test_what_can_be_had_is_tried_without_a_remark(speed: str, changes: dict[str, object], expected: str) -> None:
    assert ways(speed, **changes) == (expected, "")


@pytest.mark.parametrize(
    ("speed", "changes", "expected", "words"),
    [
        ("auto", {"processes": 2}, "eager", "Several processes"),
        ("compiled", {"processes": 2, "device": "cpu"}, "eager", "Several processes"),
        ("graph", {"device": "cpu"}, "eager", "--speed graph needs a CUDA device: on cpu"),
        ("graph", {"device": "mps"}, "eager", "--speed graph needs a CUDA device: on mps"),
        ("compiled", {"device": "mps"}, "eager", "on mps"),
        ("compiled", {"device": "cpu", "can_compile": False}, "eager", "g++"),
        ("compiled", {"can_compile": False}, "graph eager", "triton"),
        ("auto", {"can_compile": False}, "graph eager", "triton"),
    ],
)
def test_what_cannot_be_had_falls_back_with_a_remark(
    speed: str, changes: dict[str, object], expected: str, words: str
) -> None:
    names, remark = ways(speed, **changes)
    assert names == expected
    assert words in remark


def test_compiler_of_the_cpu_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    monkeypatch.delenv("CXX", raising=False)
    assert can_compile(cpu) == (shutil.which("g++") is not None)
    monkeypatch.setenv("CXX", "/nowhere/g++")
    assert not can_compile(cpu)
