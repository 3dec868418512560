"""Packaged weights: a folder with a model card, a zip that can be opened again, and no local paths."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import tiny_config, tiny_model
from ugatit.checkpoints.packaging import CARD_FILE, write_package, zip_weights
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, load_weights, read_manifest, save_weights
from ugatit.checkpoints.untrusted_upload import open_weights_file
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest

MANIFEST = Manifest(
    "ugatit",
    tiny_config().to_dict(),
    data={
        "sources": ("/home/jane/secret/photos", "hub:owner/set:train"),
        "test_sources": ("../held/out.zip", ""),
    },
    step=1200,
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with two checkpoints."""
    for seed, step in enumerate((600, 1200)):
        folder = tmp_path / "run" / "checkpoints" / f"step_{step:07d}"
        folder.mkdir(parents=True)
        save_weights(folder, tiny_model(seed), MANIFEST)
    return tmp_path / "run"


def test_zip_of_a_run_contains_its_newest_weights_and_opens_as_an_upload(run: Path, tmp_path: Path) -> None:
    target = zip_weights(run, tmp_path / "out" / "discs.zip", half=False)
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == [f"discs/{name}" for name in (CARD_FILE, CONFIG_FILE, WEIGHTS_FILE)]
    folder = open_weights_file(target, tmp_path / "in")
    theirs, ours = load_weights(folder).state_dict(), tiny_model(1).state_dict()
    assert set(theirs) == set(ours)
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    assert read_manifest(folder).step == 1200


@pytest.mark.parametrize(("half", "dtype"), [(True, torch.float16), (False, torch.float32)])
def test_half_decides_the_stored_precision(half: bool, dtype: torch.dtype, run: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zip_weights(run, tmp_path / "discs.zip", half)) as archive:
        archive.extractall(tmp_path)
    assert {tensor.dtype for tensor in load_file(tmp_path / "discs" / WEIGHTS_FILE).values()} == {dtype}


def test_nothing_but_the_zip_is_left(run: Path, tmp_path: Path) -> None:
    zip_weights(run, tmp_path / "out" / "discs.zip")
    zip_weights(run, tmp_path / "out" / "discs.zip")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["discs.zip"]


def test_failure_leaves_an_existing_zip_unchanged(run: Path, tmp_path: Path) -> None:
    target = zip_weights(run, tmp_path / "out" / "discs.zip")
    before = target.read_bytes()
    model = tiny_model()
    with torch.no_grad():
        next(model.parameters()).fill_(1e30)
    save_weights(run / "checkpoints" / "step_0001200", model, MANIFEST)
    with pytest.raises(WeightsError, match="too large for 16 bits"):
        zip_weights(run, target)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["discs.zip"]
    with pytest.raises(WeightsError, match=r"cannot be written"):
        zip_weights(run, target / "below.zip", half=False)


def test_run_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds neither"):
        zip_weights(tmp_path, tmp_path / "discs.zip")


def test_data_sources_are_written_without_their_folders(tmp_path: Path) -> None:
    write_package(tmp_path, tiny_model(), "jane/discs", MANIFEST)
    assert read_manifest(tmp_path).data == {
        "sources": ["photos", "hub:owner/set:train"],
        "test_sources": ["out.zip", ""],
    }
    for file in (CARD_FILE, CONFIG_FILE):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "secret" not in text
        assert "held" not in text


@pytest.mark.parametrize(
    ("start", "expected"),
    [("/home/jane/secret/old.pt", "old.pt"), ("flat2clay", "flat2clay"), ("jane/discs", "jane/discs"), ("", "")],
)
def test_start_from_is_written_without_its_folder(start: str, expected: str, tmp_path: Path) -> None:
    manifest = replace(MANIFEST, training={"start_from": start})
    write_package(tmp_path, tiny_model(), "jane/discs", manifest)
    assert read_manifest(tmp_path).training["start_from"] == expected
    assert (f"- start_from: {expected}\n" in (tmp_path / CARD_FILE).read_text(encoding="utf-8")) == bool(expected)


def test_card_of_a_model_in_memory_names_its_architecture(tmp_path: Path) -> None:
    write_package(tmp_path, tiny_model(), "discs", half=False)
    assert load_weights(tmp_path).domains == ("disc", "square")
    assert "light ugatit model (ngf 4, ndf 4, 32 px)" in (tmp_path / CARD_FILE).read_text(encoding="utf-8")
