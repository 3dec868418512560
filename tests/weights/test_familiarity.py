"""Familiar and far pictures: what bundled weights say of them, alone and in batches, as a remark and as JSON."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ugatit.checkpoints.familiarity import FAMILIARITY_FILE
from ugatit.checkpoints.registry import BUNDLED
from ugatit.checkpoints.store import load_weights
from ugatit.cli.main import main
from ugatit.data.scenes import scene
from ugatit.inference.translation import Translation
from ugatit.inference.translator import Translator, load_translator
from viz.download import translation_details
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.tabs.texts import far_text
from weights import familiarity as script

SCENES = "disc2square"
MEASURED = sorted(path.parent.name for path in BUNDLED.glob(f"*/{FAMILIARITY_FILE}"))


@pytest.fixture(scope="module")
def translator() -> Translator:
    return load_translator(SCENES, "cpu", "fp32")


@pytest.fixture(scope="module")
def photographs() -> list[Image.Image]:
    return script.photographs()[:6]


@pytest.fixture(scope="module")
def mixed(photographs: list[Image.Image]) -> list[Image.Image]:
    """Scenes and photographs in turns, all of the model's size."""
    square = [photograph.resize((64, 64)) for photograph in photographs[:3]]
    return [picture for seed, other in enumerate(square) for picture in (scene("disc", seed, 64)[0], other)]


def test_most_photographs_are_far_and_translated_all_the_same(
    translator: Translator, photographs: list[Image.Image]
) -> None:
    results = [translator(photograph, to="square") for photograph in photographs]
    far = [result.familiarity is not None and result.familiarity.is_far for result in results]
    assert sum(far) >= 0.8 * len(far)
    assert all(np.asarray(result.image).std() > 0 for result in results)


@pytest.mark.parametrize("to", ["disc", "square"])
def test_few_unseen_scenes_are_far_at_any_size(translator: Translator, to: str) -> None:
    drawn = [
        scene(kind, seed, size)[0] for seed in range(100, 110) for kind in ("disc", "square") for size in (64, 130)
    ]
    results = [translator(picture, to) for picture in drawn]
    assert sum(result.familiarity is None or result.familiarity.is_far for result in results) <= 0.05 * len(results)


def test_a_batch_gives_each_picture_the_distance_it_has_alone(translator: Translator, mixed: list[Image.Image]) -> None:
    streamed = list(translator.stream(mixed, to="square", batch_size=4))
    for picture, result in zip(mixed, streamed, strict=True):
        assert isinstance(result, Translation)
        alone = translator(picture, to="square")
        assert result.familiarity is not None
        assert alone.familiarity is not None
        assert result.familiarity.domain == alone.familiarity.domain
        assert result.familiarity.distance == pytest.approx(alone.familiarity.distance, rel=1e-3)
    assert [result.familiarity.is_far for result in streamed] == [False, True] * 3


def test_the_translation_is_the_same_without_statistics(translator: Translator, mixed: list[Image.Image]) -> None:
    plain = load_weights(BUNDLED / SCENES)
    plain.statistics = None
    bare = Translator(plain, translator.device, "fp32")(mixed[1], to="square")
    assert bare.familiarity is None
    assert np.array_equal(np.asarray(bare.image), np.asarray(translator(mixed[1], to="square").image))


def test_details_carry_the_distance_as_json(translator: Translator, mixed: list[Image.Image]) -> None:
    result = translator(mixed[1], to="square")
    details = json.loads(json.dumps(translation_details(result)))["familiarity"]
    assert set(details) == {"domains", "domain", "distance", "threshold", "is_far"}
    assert details["is_far"]
    assert details["distance"] > details["threshold"]
    assert translation_details(replace(result, familiarity=None))["familiarity"] is None


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_only_a_far_picture_gets_the_sentence(words: Words, translator: Translator, mixed: list[Image.Image]) -> None:
    near, far = (translator(picture, to="square") for picture in mixed[:2])
    assert far_text(near, words) == far_text(replace(far, familiarity=None), words) == ""
    assert far.familiarity is not None
    assert f"{far.familiarity.distance:.1f}" in far_text(far, words)


def test_command_line_remarks_on_a_far_picture_alone(
    mixed: list[Image.Image], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, picture in zip(("near", "far"), mixed[:2], strict=True):
        picture.save(tmp_path / f"{name}.png")
    arguments = ("translate", "--weights", SCENES, "--to", "square", "--output", tmp_path / "out", "--device", "cpu")
    assert main([*map(str, arguments), "--input", str(tmp_path / "near.png"), str(tmp_path / "far.png")]) == 0
    remarks = capsys.readouterr().err.splitlines()
    assert len(remarks) == 1
    assert "far.png: This picture is far from all" in remarks[0]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["far.png", "near.png"]


@pytest.mark.parametrize("name", MEASURED)
def test_statistics_are_small_and_keep_their_promise(name: str) -> None:
    assert (BUNDLED / name / FAMILIARITY_FILE).stat().st_size < 300_000
    measured = json.loads((BUNDLED / name / "familiarity.json").read_text(encoding="utf-8"))
    for rates in measured["rates"].values():
        drawings = [
            row for kind, row in rates.items() if kind != "photographs" and not kind.startswith(("held-out", "copies"))
        ]
        assert all(row["far"] <= 0.05 for kind, row in rates.items() if kind.startswith("held-out"))
        assert rates["photographs"]["far"] >= 0.8
        assert sum(row["far"] * row["pictures"] for row in drawings) >= 0.8 * sum(row["pictures"] for row in drawings)


def test_script_fits_and_measures_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With few pictures; the rates of the bundled weights are measured with more."""
    monkeypatch.setattr(script, "HELD_OUT", 4)
    monkeypatch.setattr(script, "other_pictures", lambda *_: {"photographs": script.photographs()[:2]})
    assert script.main([SCENES, "--pictures", "64", "--output", str(tmp_path)]) == 0
    assert "photographs" in capsys.readouterr().out
    assert (tmp_path / FAMILIARITY_FILE).is_file()
    assert set(json.loads((tmp_path / "familiarity.json").read_text(encoding="utf-8"))["rates"]) == {
        "to disc", "to square",
    }  # fmt: skip
