"""The device and the precision are chosen where they fit, and refused in words where they do not."""

import pytest
import torch

from ugatit.devices import available_devices, resolve_device, resolve_precision
from ugatit.errors import ConfigError

CPU = torch.device("cpu")


def test_cpu_is_always_there() -> None:
    assert "cpu" in available_devices()
    assert resolve_device("cpu") == CPU
    assert resolve_device("auto").type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "meta", "cpu:7", "", "cuda:x"])
def test_device_that_is_not_there_names_those_that_are(name: str) -> None:
    with pytest.raises(ConfigError, match="cpu"):
        resolve_device(name)


def test_precision_is_chosen_or_refused() -> None:
    assert resolve_precision("fp32", CPU) == "fp32"
    assert resolve_precision("bf16", CPU) == "bf16"
    assert resolve_precision("auto", CPU) in ("fp32", "bf16")
    with pytest.raises(ConfigError, match="int8"):
        resolve_precision("int8", CPU)


@pytest.mark.parametrize("known", [True, False])
def test_automatic_precision_follows_the_processor(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.setattr(torch.cpu, query, lambda: known, raising=False)
    assert resolve_precision("auto", CPU) == ("bf16" if known else "fp32")


def test_automatic_precision_survives_a_torch_without_the_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.delattr(torch.cpu, query, raising=False)
    assert resolve_precision("auto", CPU) == "fp32"
