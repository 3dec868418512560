"""Files that are not published checkpoints are refused with an error that names the first problem."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.published_files import assert_refused, critic_state, generator_state, make_checkpoint, write_checkpoint

Change = Callable[[dict[str, Any]], object]


def changed(network: str, **tensors: Tensor | None) -> Change:
    """Replace some of a network's tensors, or remove them if None; `__` in names stands for a dot."""

    def change(checkpoint: dict[str, Any]) -> object:
        for name, tensor in tensors.items():
            key = name.replace("__", ".")
            checkpoint[network].pop(key)
            if tensor is not None:
                checkpoint[network][key] = tensor
        return checkpoint

    return change


def both_generators(key: str, tensor: Tensor) -> Change:
    """Replace one tensor in both generators."""
    return lambda c: {**c, **{name: {**c[name], key: tensor} for name in ("genA2B", "genB2A")}}


NOT_PUBLISHED: dict[str, tuple[Change, str]] = {
    "list": (lambda _: [1, 2, 3], "holds: a list without names"),
    "tensor": (lambda _: torch.ones(3), "holds: a Tensor without names"),
    "none": (lambda _: None, "holds: a NoneType"),
    "number keys": (lambda _: {1: 2, (3, 4): 5}, r"holds: 1, \(3, 4\)"),
    "classifier": (lambda _: {"conv1.weight": torch.ones(64, 3, 7, 7), "fc.bias": torch.ones(10)}, "conv1.weight"),
    "pix2pix": (
        lambda _: {"model.model.0.weight": torch.ones(4, 3, 4, 4)},
        "net_G has no usable 'model.model.3.weight'",
    ),
    "long keys": (lambda _: {"a\n" * 10_000: 1}, "holds: a"),
    "five networks": (lambda c: {k: v for k, v in c.items() if k != "disLB"}, "is not a published"),
    "network that is a list": (lambda c: {**c, "disLB": [1]}, "disLB must be a state dict with entries, got list"),
    "empty networks": (lambda c: {name: {} for name in c}, "genA2B must be a state dict with entries, got dict"),
    "critics for generators": (lambda c: {**c, "genA2B": critic_state(2, 5)}, "genA2B has no usable|genA2B and genB2A"),
    "lacking": (changed("disLA", conv1x1__bias=None), "disLA lacks 'conv1x1.bias'"),
    "unknown key": (lambda c: {**c, "genB2A": {**c["genB2A"], "x\n": torch.ones(1)}}, "genB2A holds 'x.{1,2}n'"),
    "number": (lambda c: {**c, "genB2A": {**c["genB2A"], "x": 3}}, "genB2A: x is not a tensor"),
    "integers": (changed("genA2B", conv1x1__bias=torch.ones(12, dtype=torch.int32)), "not a tensor of floating"),
    "complex": (changed("genA2B", conv1x1__bias=torch.ones(12, dtype=torch.complex64)), "not a tensor of floating"),
    "nan": (changed("disGB", conv1x1__bias=torch.full((16,), torch.nan)), "not finite"),
    "overflow": (changed("disGB", conv1x1__bias=torch.full((16,), 1e300, dtype=torch.float64)), "not finite"),
    "unlike generators": (lambda c: {**c, "genB2A": generator_state(5, 1, True, 64)}, "genA2B and genB2A are of diff"),
    "unlike critics": (lambda c: {**c, "disLB": critic_state(3, 3)}, "disLA and disLB are of different sizes"),
    "unlike depths": (lambda c: {**c, "disGB": critic_state(2, 6)}, "disGB holds|are of different sizes"),
    "misshapen": (both_generators("FC.2.weight", torch.ones(12, 5)), r"is \(12, 5\), the config wants \(12, 12\)"),
    "no square": (changed("genA2B", FC__0__weight=torch.ones(12, 12 * 7)), "no square picture|different sizes"),
    "no width": (changed("genA2B", DownBlock__1__weight=torch.ones(0, 3, 7, 7)), "different sizes|ngf"),
    "flat convolution": (changed("genA2B", DownBlock__1__weight=torch.ones(3)), "different sizes|no usable"),
    "no inputs": (both_generators("FC.0.weight", torch.ones(12, 0)), "0 inputs, which no square"),
    "huge width": (both_generators("DownBlock.1.weight", torch.ones(10**6, 1, 1, 0)), "ngf must lie"),
    "huge picture": (
        both_generators("FC.0.weight", torch.ones(0, 12 * 10**10)),
        "image_size must be a multiple of 4 from 32 to 4096, got 400000",
    ),
}


@pytest.mark.parametrize("case", NOT_PUBLISHED)
def test_file_that_is_no_published_checkpoint_is_refused(
    tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change, match = NOT_PUBLISHED[case]
    assert_refused(write_checkpoint(change(make_checkpoint()), tmp_path / "other.pt"), tmp_path / "out", match, capsys)
