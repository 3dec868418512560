"""Weights handed on: a folder with its card, a zip that is taken again, and nothing of nobody's business."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import tiny_config, tiny_model
from ugatit.checkpoints.model_card import model_card, without_local_paths
from ugatit.checkpoints.packaging import CARD_FILE, write_package, zip_weights
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, load_weights, read_manifest, save_weights
from ugatit.checkpoints.untrusted_upload import open_weights_file
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest

MANIFEST = Manifest(
    "ugatit",
    tiny_config().to_dict(),
    data={"domain_a": "/home/jane/secret/photos", "domain_b": "hub:owner/set:train", "test_a": "../held/out.zip"},
    training={"steps": 900, "batch_size": 3, "learning_rate": 0.0002, "ema": 0.0, "weights": {"cycle": 10.0}},
    step=1200,
    title="disc ↔ square",
    description="Turns discs into squares.",
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with two checkpoints."""
    for seed, step in enumerate((600, 1200)):
        folder = tmp_path / "run" / "checkpoints" / f"step_{step:07d}"
        folder.mkdir(parents=True)
        save_weights(folder, tiny_model(seed), MANIFEST)
    return tmp_path / "run"


def test_zip_of_a_run_holds_its_newest_weights_and_opens_as_foreign_weights_do(run: Path, tmp_path: Path) -> None:
    target = zip_weights(run, tmp_path / "out" / "discs.zip", half=False)
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == [f"discs/{name}" for name in (CARD_FILE, CONFIG_FILE, WEIGHTS_FILE)]
    folder = open_weights_file(target, tmp_path / "in")
    theirs, ours = load_weights(folder).state_dict(), tiny_model(1).state_dict()
    assert set(theirs) == set(ours)
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    assert read_manifest(folder).step == 1200


@pytest.mark.parametrize(("half", "kind"), [(True, torch.float16), (False, torch.float32)])
def test_numbers_are_stored_as_asked(half: bool, kind: torch.dtype, run: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zip_weights(run, tmp_path / "discs.zip", half)) as archive:
        archive.extractall(tmp_path)
    assert {tensor.dtype for tensor in load_file(tmp_path / "discs" / WEIGHTS_FILE).values()} == {kind}


def test_nothing_but_the_zip_is_left(run: Path, tmp_path: Path) -> None:
    zip_weights(run, tmp_path / "out" / "discs.zip")
    zip_weights(run, tmp_path / "out" / "discs.zip")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["discs.zip"]


def test_failure_leaves_the_zip_that_was_there(run: Path, tmp_path: Path) -> None:
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


def test_folders_of_this_machine_stay_unsaid(tmp_path: Path) -> None:
    write_package(tmp_path, tiny_model(), "jane/discs", MANIFEST)
    assert read_manifest(tmp_path).data == {
        "domain_a": "photos",
        "domain_b": "hub:owner/set:train",
        "test_a": "out.zip",
    }
    for file in (CARD_FILE, CONFIG_FILE):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "secret" not in text
        assert "held" not in text


@pytest.mark.parametrize(
    ("start", "told"),
    [("/home/jane/secret/old.pt", "old.pt"), ("flat2clay", "flat2clay"), ("jane/discs", "jane/discs"), ("", "")],
)
def test_weights_a_run_began_with_are_named_without_their_folder(start: str, told: str, tmp_path: Path) -> None:
    manifest = replace(MANIFEST, training={"start_from": start})
    write_package(tmp_path, tiny_model(), "jane/discs", manifest)
    assert read_manifest(tmp_path).training["start_from"] == told
    assert (f"- start_from: {told}\n" in (tmp_path / CARD_FILE).read_text(encoding="utf-8")) == bool(told)


def test_run_folder_a_run_began_with_is_no_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret" / "old").mkdir(parents=True)
    assert without_local_paths(replace(MANIFEST, training={"start_from": "secret/old"})).training == {
        "start_from": "old"
    }


def test_card_tells_domains_data_steps_recipe_and_leaves_the_licence_to_the_owner() -> None:
    text = model_card(MANIFEST, "jane/discs")
    for words in (
        "# disc ↔ square",
        "Turns discs into squares.",
        "between *disc* and *square*",
        "*square*, 1,200 steps.",
        'load_translator("jane/discs")',
        'to="square"',
        "- *square*: `hub:owner/set:train`",
        "- batch_size: 3",
        "- learning_rate: 0.0002",
        "- loss weights: cycle 10",
    ):
        assert words in text
    front = text.split("---")[1]
    assert "pipeline_tag: image-to-image" in front
    assert "\nlicense:" not in front
    assert "## Licence\n\nFor the owner" in text


def test_card_of_weights_of_unknown_origin_invents_nothing() -> None:
    text = model_card(Manifest("ugatit", {"domains": ["A", "B"]}), "jane/old")
    assert text.count("Not recorded.") == 2
    assert "# A ↔ B" in text
    assert "steps." not in text


def test_parcel_of_a_model_in_memory_says_its_architecture(tmp_path: Path) -> None:
    write_package(tmp_path, tiny_model(), "discs", half=False)
    assert load_weights(tmp_path).domains == ("disc", "square")
    assert "light ugatit model (ngf 4, ndf 4, 32 px)" in (tmp_path / CARD_FILE).read_text(encoding="utf-8")


def test_loaded_model_knows_what_its_weights_say_of_themselves(run: Path) -> None:
    newest = run / "checkpoints" / "step_0001200"
    assert load_weights(newest).manifest == read_manifest(newest)
    assert tiny_model().manifest is None
