"""Choice of device and precision, and the errors for choices that are not available."""

import pytest
import torch

from ugatit.devices import available_devices, resolve_device, resolve_precision
from ugatit.errors import ConfigError

CPU = torch.device("cpu")
QUERIES = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


def test_cpu_is_always_available() -> None:
    assert "cpu" in available_devices()
    assert resolve_device("cpu") == CPU
    assert resolve_device("auto").type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "meta", "cpu:7", "", "cuda:x"])
def test_error_for_a_missing_device_names_the_available_ones(name: str) -> None:
    with pytest.raises(ConfigError, match="cpu"):
        resolve_device(name)


def test_precision_is_chosen_or_refused() -> None:
    assert resolve_precision("fp32", CPU) == "fp32"
    assert resolve_precision("bf16", CPU) == "bf16"
    assert resolve_precision("auto", CPU) in ("fp32", "bf16")
    with pytest.raises(ConfigError, match="int8"):
        resolve_precision("int8", CPU)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(True, "bf16"), (False, "fp32"), (None, "fp32")],
    ids=["supported", "not supported", "torch without the queries"],
)
def test_automatic_precision_follows_the_processor(
    answer: bool | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query in QUERIES:
        if answer is None:
            monkeypatch.delattr(torch.cpu, query, raising=False)
        else:
            monkeypatch.setattr(torch.cpu, query, lambda: answer, raising=False)
    assert resolve_precision("auto", CPU) == expected
