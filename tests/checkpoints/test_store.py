"""Weights folders are read back exactly, and invalid ones are refused with an error of one line."""

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, load_weights, read_manifest, save_weights
from ugatit.errors import ConfigError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.models.ugatit import UGATITConfig

CONFIG = UGATITConfig(domains=("flat", "clay"), image_size=32, ngf=3, ndf=2, blocks=1)
MANIFEST = Manifest("ugatit", CONFIG.to_dict(), step=12, title="flat ↔ clay", description="Ein Satz, 中文, 👩‍🚀.")


@pytest.fixture
def model() -> UGATIT:
    torch.manual_seed(0)
    return UGATIT(CONFIG).eval()


@pytest.fixture
def folder(tmp_path: Path, model: UGATIT) -> Path:
    path = tmp_path / "weights"
    path.mkdir()
    save_weights(path, model, MANIFEST)
    return path


def rewrite(folder: Path, **values: object) -> None:
    """Change values of the folder's config."""
    config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    (folder / CONFIG_FILE).write_text(json.dumps({**config, **values}), encoding="utf-8")


def refused(folder: Path, match: str) -> None:
    """Loading raises a short error of one line that names the folder."""
    with pytest.raises(WeightsError, match=match) as caught:
        load_weights(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    assert len(message) < len(str(folder)) + 400


def test_weights_come_back_bit_for_bit(folder: Path, model: UGATIT) -> None:
    loaded = load_weights(folder)
    assert loaded.config == CONFIG
    assert not loaded.training
    assert read_manifest(folder) == replace(MANIFEST, network={**MANIFEST.network, "domains": ["flat", "clay"]})
    for name, tensor in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)


def test_loaded_model_has_the_manifest_of_its_folder(folder: Path, model: UGATIT) -> None:
    assert load_weights(folder).manifest == read_manifest(folder)
    assert model.manifest is None


def test_loaded_weights_give_the_bytes_of_the_saved_model(folder: Path, model: UGATIT) -> None:
    picture = torch.rand(1, 3, 32, 32) * 2 - 1
    with torch.no_grad():
        ours, theirs = (m.translate(picture, to="clay").image for m in (load_weights(folder), model))
    assert torch.equal(ours, theirs)


def test_loaded_weights_can_be_trained(folder: Path) -> None:
    model = load_weights(folder)
    assert all(p.requires_grad and p.is_leaf for p in model.parameters())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1)
    assert torch.equal(load_weights(folder).generator_ab.to_rgb.weight + 1, model.generator_ab.to_rgb.weight)


def test_half_takes_half_the_space_and_stays_close(tmp_path: Path, folder: Path, model: UGATIT) -> None:
    save_weights(tmp_path, model, MANIFEST, half=True)
    header = struct.unpack("<Q", (tmp_path / WEIGHTS_FILE).read_bytes()[:8])[0] + 8
    full, half = ((path / WEIGHTS_FILE).stat().st_size - header for path in (folder, tmp_path))
    assert half == pytest.approx(full / 2, rel=0.01)
    loaded = load_weights(tmp_path)
    for name, tensor in loaded.state_dict().items():
        assert tensor.dtype == torch.float32
        torch.testing.assert_close(tensor, model.state_dict()[name], rtol=1e-3, atol=1e-6)
    picture = torch.rand(1, 3, 32, 32) * 2 - 1
    with torch.no_grad():
        ours, theirs = loaded.translate(picture, to="clay").image, model.translate(picture, to="clay").image
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0.02)


def test_half_refuses_numbers_that_do_not_fit(tmp_path: Path, model: UGATIT) -> None:
    with torch.no_grad():
        model.generator_ab.to_rgb.weight[0, 0, 0, 0] = 70_000.0
    with pytest.raises(WeightsError, match=r"to_rgb\.weight' holds numbers too large for 16 bits"):
        save_weights(tmp_path, model, MANIFEST, half=True)
    assert not list(tmp_path.iterdir())


def test_folder_that_cannot_be_written_is_named(tmp_path: Path, model: UGATIT) -> None:
    with pytest.raises(WeightsError, match="nowhere cannot be written to"):
        save_weights(tmp_path / "nowhere", model, MANIFEST)


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("model", "pix3pix", "no model 'pix3pix'; there are: ugatit"),
        ("model", ["ugatit"], "model must be"),
        ("model", "x" * 10_000, "no model 'xxx"),
        ("model", "../../etc/passwd", "no model"),
        ("network", [], "network must be"),
        ("network", {}, "lacks|misshapen|config wants"),
        ("network", None, "network must be"),
        ("step", "12", "step must be a int"),
        ("step", -1, "step must be at least 0"),
        ("step", True, "step must be a int"),
        ("data", "x", "data must be"),
        ("title", 7, "title must be a str"),
        ("title", "a" * 201, "title must be one line of at most 200"),
        ("title", "a\nb", "title must be one line"),
        ("title", "a\x1b[31mb", "title must be one line"),
        ("title", "harmless\u202etxt.exe", "title must be one line"),
        ("description", "a" * 401, "description must be one line of at most 400"),
        ("description", "a\u2028b", "description must be one line"),
        ("surprise", 1, "knows no setting 'surprise'"),
    ],
)
def test_config_with_a_wrong_value_is_refused(folder: Path, name: str, value: object, match: str) -> None:
    rewrite(folder, **{name: value})
    refused(folder, match)


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("domains", ["flat"], "domains must be two different names"),
        ("domains", ["flat", "flat"], "domains must be two different names"),
        ("domains", "AB", "domains must be a tuple"),
        ("domains", [1, 2], "domain must be one line"),
        ("domains", ["flat", "c" * 81], "domain must be one line of at most 80"),
        ("domains", ["flat", "clay\n"], "domain must be one line"),
        ("image_size", 10**12, "image_size must be"),
        ("image_size", 10**400, "image_size must be"),
        ("image_size", -4, "image_size must be"),
        ("image_size", 64.0, "image_size must be a int"),
        ("image_size", None, "image_size must be a int"),
        ("ngf", 10**9, "ngf must"),
        ("ngf", 0, "ngf must"),
        ("ngf", 4, r"is \(12, 3, 7, 7\)|is \(\d.*\), the config wants"),
        ("ndf", 10**9, "ndf must"),
        ("blocks", 10**9, "blocks must"),
        ("blocks", 2, "lacks 'generator"),
        ("blocks", 0, "which this model does not know"),
        ("global_layers", 10**6, "global_layers must"),
        ("local_layers", 4, "lacks 'local"),
        ("light", 1, "light must be a bool"),
        ("light", False, "the config wants"),
        ("surprise", 1, "knows no setting 'surprise'"),
        ("x\n" * 1000, 1, "knows no setting"),
    ],
)
def test_network_that_is_invalid_or_does_not_fit_is_refused(folder: Path, name: str, value: object, match: str) -> None:
    rewrite(folder, network={**CONFIG.to_dict(), name: value})
    refused(folder, match)


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"model": ' + b"9" * 100_000 + b"}"),
        *(b"null", b"[]", b'"ugatit"', b"<html>not found</html>", b" " * (2**20 + 1)),
    ],
    ids=["empty", "cut", "utf-16", "deep", "digits", "null", "list", "text", "html", "large"],
)
def test_file_that_is_no_config_is_refused(folder: Path, text: bytes) -> None:
    (folder / CONFIG_FILE).write_bytes(text)
    refused(folder, "is not JSON|nested too deeply|must be a JSON object|larger than a config|is not")


@pytest.mark.parametrize("name", [CONFIG_FILE, WEIGHTS_FILE])
def test_missing_file_and_folder_in_its_place_are_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder, name)
    (folder / name).mkdir()
    refused(folder, name)


def with_tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        state = {name: tensor.clone() for name, tensor in load_file(path).items()}
        change(state)
        save_file(state, path)

    return damage


def with_header(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Change the header of a safetensors file."""

    def damage(path: Path) -> None:
        data = path.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        table = json.loads(data[8 : 8 + length])
        change(table)
        text = json.dumps(table).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])

    return damage


BIAS = "local_a.attention.fuse.bias"


@pytest.mark.parametrize(
    ("damage", "match"),
    [
        (with_tensors(lambda s: s.pop(BIAS)), f"lacks '{BIAS}'"),
        (with_tensors(lambda s: s.update(x=torch.ones(1))), "holds 'x', which this model does not know"),
        (with_tensors(lambda s: s.update({"x\n" * 500: torch.ones(1)})), "which this model does not know"),
        (with_tensors(lambda s: s.update({BIAS: torch.ones(3)})), r"is \(3,\), the config wants \(4,\)"),
        (with_tensors(lambda s: s[BIAS].fill_(torch.nan)), "not finite"),
        (with_tensors(lambda s: s[BIAS].fill_(torch.inf)), "not finite"),
        (with_tensors(lambda s: s.update({BIAS: torch.ones(4, dtype=torch.int64)})), "int64, not floating-point"),
        (with_tensors(lambda s: s.update({BIAS: torch.full((4,), 1e300, dtype=torch.float64)})), "not finite"),
        (with_header(lambda t: t[BIAS].update(shape=[10**12])), "damaged or no safetensors"),
        (with_header(lambda t: t[BIAS].update(data_offsets=[0, 10**12])), "damaged or no safetensors"),
        (with_header(lambda t: t[BIAS].update(dtype="Q9")), "damaged or no safetensors"),
        (with_header(lambda t: t.update(__metadata__={"a": 1})), "damaged or no safetensors"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "damaged or no safetensors"),
        (lambda path: path.write_bytes(struct.pack("<Q", 2**62) + path.read_bytes()[8:]), "damaged or no safetensors"),
        (lambda path: path.write_bytes(b""), "damaged or no safetensors"),
        (lambda path: torch.save({"a": torch.ones(3)}, path), "damaged or no safetensors"),
    ],
)
def test_damaged_weights_are_refused(folder: Path, damage: Callable[[Path], None], match: str) -> None:
    damage(folder / WEIGHTS_FILE)
    refused(folder, match)


def test_manifest_built_in_python_has_the_same_limits() -> None:
    with pytest.raises(ConfigError, match="title must be one line"):
        Manifest("ugatit", CONFIG.to_dict(), title="x" * 201)
