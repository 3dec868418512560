"""Synthetic published U-GAT-IT checkpoints with the real keys and shapes, and the published formulas as reference.

Also the checks for files that must be refused.
"""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d, instance_norm, interpolate, leaky_relu, linear, pad, relu

from ugatit import load_model
from ugatit.cli.main import main
from ugatit.errors import WeightsError

State = dict[str, Tensor]


def generator_state(ngf: int, blocks: int, light: bool, size: int) -> State:
    wide = 4 * ngf
    shapes: dict[str, tuple[int, ...]] = {
        "DownBlock.1.weight": (ngf, 3, 7, 7),
        "DownBlock.5.weight": (2 * ngf, ngf, 3, 3),
        "DownBlock.9.weight": (wide, 2 * ngf, 3, 3),
        "gap_fc.weight": (1, wide),
        "gmp_fc.weight": (1, wide),
        "conv1x1.weight": (wide, 2 * wide, 1, 1),
        "conv1x1.bias": (wide,),
        "FC.0.weight": (wide, wide if light else wide * (size // 4) ** 2),
        "FC.2.weight": (wide, wide),
        "gamma.weight": (wide, wide),
        "beta.weight": (wide, wide),
        "UpBlock2.2.weight": (2 * ngf, wide, 3, 3),
        "UpBlock2.7.weight": (ngf, 2 * ngf, 3, 3),
        "UpBlock2.11.weight": (3, ngf, 7, 7),
    }
    for i in range(blocks):
        for index in (1, 5):
            shapes[f"DownBlock.{12 + i}.conv_block.{index}.weight"] = (wide, wide, 3, 3)
        for part in ("1", "2"):
            shapes[f"UpBlock1_{i + 1}.conv{part}.weight"] = (wide, wide, 3, 3)
            shapes[f"UpBlock1_{i + 1}.norm{part}.rho"] = (1, wide, 1, 1)
    for index, channels in ((3, 2 * ngf), (8, ngf)):
        for part in ("rho", "gamma", "beta"):
            shapes[f"UpBlock2.{index}.{part}"] = (1, channels, 1, 1)
    state = {key: torch.randn(shape) * 0.3 / math.sqrt(shape[-1]) for key, shape in shapes.items()}
    return {key: torch.rand_like(value) if key.endswith("rho") else value for key, value in state.items()}


def critic_state(ndf: int, layers: int) -> State:
    widths = [3] + [ndf * 2**i for i in range(layers - 1)]
    wide = widths[-1]
    spectral = {f"model.{1 + 3 * i}": (widths[i + 1], widths[i], 4, 4) for i in range(layers - 1)}
    spectral |= {"conv": (1, wide, 4, 4), "gap_fc": (1, wide), "gmp_fc": (1, wide)}
    state: State = {"conv1x1.weight": torch.randn(wide, 2 * wide, 1, 1) * 0.1, "conv1x1.bias": torch.randn(wide)}
    for key, shape in spectral.items():
        weight = torch.randn(shape)
        left, _, right = torch.linalg.svd(weight.flatten(1), full_matrices=False)
        state |= {
            f"{key}.weight_orig": weight,
            f"{key}.weight_u": left[:, 0].clone(),
            f"{key}.weight_v": right[0].clone(),
        }
        if key.startswith("model"):
            state[f"{key}.bias"] = torch.randn(shape[0]) * 0.1
    return state


def make_checkpoint(
    ngf: int = 3, ndf: int = 2, blocks: int = 1, light: bool = True, size: int = 64, depths: tuple[int, int] = (5, 3)
) -> dict[str, Any]:
    """Return a complete checkpoint from a fixed seed. depths: layers of the global and of the local critics."""
    torch.manual_seed(0)
    checkpoint: dict[str, Any] = {name: generator_state(ngf, blocks, light, size) for name in ("genA2B", "genB2A")}
    for kind, depth in zip("GL", depths, strict=True):
        checkpoint |= {f"dis{kind}{domain}": critic_state(ndf, depth) for domain in "AB"}
    return checkpoint


def layer_instance_norm(x: Tensor, rho: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    by_instance = (x - x.mean((2, 3), keepdim=True)) / (x.var((2, 3), keepdim=True) + 1e-5).sqrt()
    by_layer = (x - x.mean((1, 2, 3), keepdim=True)) / (x.var((1, 2, 3), keepdim=True) + 1e-5).sqrt()
    return (rho * by_instance + (1 - rho) * by_layer) * gamma + beta


def reflection_conv(x: Tensor, weight: Tensor, stride: int = 1, border: int | None = None) -> Tensor:
    border = weight.shape[-1] // 2 if border is None else border
    return conv2d(pad(x, [border] * 4, mode="reflect"), weight, stride=stride)


def generate(state: State, picture: Tensor, blocks: int, light: bool) -> tuple[Tensor, Tensor, Tensor]:
    """The published generator: image (B, 3, H, W), CAM logits (B, 2), heatmap (B, 1, h, w)."""
    x = picture
    for index, stride in ((1, 1), (5, 2), (9, 2)):
        x = relu(instance_norm(reflection_conv(x, state[f"DownBlock.{index}.weight"], stride)))
    for i in range(blocks):
        first, second = (state[f"DownBlock.{12 + i}.conv_block.{index}.weight"] for index in (1, 5))
        x = x + instance_norm(reflection_conv(relu(instance_norm(reflection_conv(x, first))), second))
    gap, gmp = state["gap_fc.weight"], state["gmp_fc.weight"]
    logits = torch.cat([linear(x.mean((2, 3)), gap), linear(x.amax((2, 3)), gmp)], 1)
    weighted = torch.cat([x * gap[:, :, None, None], x * gmp[:, :, None, None]], 1)
    x = relu(conv2d(weighted, state["conv1x1.weight"], state["conv1x1.bias"]))
    heatmap = x.sum(1, keepdim=True)
    hidden = x.mean((2, 3)) if light else x.flatten(1)
    hidden = relu(linear(relu(linear(hidden, state["FC.0.weight"])), state["FC.2.weight"]))
    gamma, beta = (linear(hidden, state[f"{name}.weight"])[:, :, None, None] for name in ("gamma", "beta"))
    for i in range(blocks):
        block = f"UpBlock1_{i + 1}"
        y = reflection_conv(x, state[f"{block}.conv1.weight"])
        y = relu(layer_instance_norm(y, state[f"{block}.norm1.rho"], gamma, beta))
        y = reflection_conv(y, state[f"{block}.conv2.weight"])
        x = x + layer_instance_norm(y, state[f"{block}.norm2.rho"], gamma, beta)
    for index in (2, 7):
        x = reflection_conv(interpolate(x, scale_factor=2), state[f"UpBlock2.{index}.weight"])
        rho, scale, shift = (state[f"UpBlock2.{index + 1}.{part}"] for part in ("rho", "gamma", "beta"))
        x = relu(layer_instance_norm(x, rho, scale, shift))
    return torch.tanh(reflection_conv(x, state["UpBlock2.11.weight"])), logits, heatmap


def discriminate(state: State, picture: Tensor, layers: int) -> tuple[Tensor, Tensor, Tensor]:
    """The published discriminator: patch logits (B, 1, h, w), CAM logits (B, 2), heatmap (B, 1, h, w)."""

    def normalized(key: str) -> Tensor:
        weight = state[f"{key}.weight_orig"]
        return weight / torch.dot(state[f"{key}.weight_u"], weight.flatten(1) @ state[f"{key}.weight_v"])

    x = picture
    for i in range(layers - 1):
        key = f"model.{1 + 3 * i}"
        x = reflection_conv(x, normalized(key), 2 if i < layers - 2 else 1, border=1)
        x = leaky_relu(x + state[f"{key}.bias"][:, None, None], 0.2)
    logits = torch.cat([linear(x.mean((2, 3)), normalized("gap_fc")), linear(x.amax((2, 3)), normalized("gmp_fc"))], 1)
    weighted = [x * state[f"{name}_fc.weight_orig"][:, :, None, None] for name in ("gap", "gmp")]
    x = leaky_relu(conv2d(torch.cat(weighted, 1), state["conv1x1.weight"], state["conv1x1.bias"]), 0.2)
    return reflection_conv(x, normalized("conv"), border=1), logits, x.sum(1, keepdim=True)


def write_checkpoint(content: object, path: Path, zipped: bool = True) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    return path


def assert_refused(path: Path, output: Path, match: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Assert that loading and importing fail with one line that names the file, and that nothing is written."""
    with pytest.raises(WeightsError, match=match) as caught:
        load_model(path)
    capsys.readouterr()
    assert main(["import", str(path), "--output", str(output)]) == 2
    printed = capsys.readouterr()
    assert printed.err == f"python -m ugatit: {caught.value}\n"
    assert printed.err.count("\n") == 1
    assert path.name in printed.err
    assert len(printed.err) < len(str(path)) + 500
    assert not printed.out
    assert not output.exists()
