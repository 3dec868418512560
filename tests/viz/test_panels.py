from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.inference.translation import Translation
from ugatit.networks.geometry import Grid
from viz.i18n import LANGUAGES
from viz.i18n.english import ENGLISH
from viz.overlay import colorize
from viz.panels import caption, direction, has_attention, map_picture, panel, shown, title, verdict


def changed(translation: Translation, name: str, **fields: object) -> Translation:
    """The translation with some fields of one of its maps replaced."""
    one = replace(translation.attention[name], **fields)
    return replace(translation, attention={**translation.attention, name: one})


def resized(translation: Translation, size: tuple[int, int]) -> Translation:
    return replace(translation, source=translation.source.resize(size), image=translation.image.resize(size))


@pytest.mark.parametrize(("name", "beneath"), [("generator", "source"), ("local", "image"), ("global", "image")])
def test_each_map_lies_over_the_picture_it_belongs_to(translation: Translation, name: str, beneath: str) -> None:
    assert map_picture(translation, name, opacity=0).tobytes() == getattr(translation, beneath).tobytes()


def test_a_map_peaks_where_its_hottest_cell_looks(translation: Translation) -> None:
    values = np.zeros((3, 3), np.float32)
    values[1, 2] = 1
    drawn = np.asarray(map_picture(changed(translation, "global", values=values), "global", opacity=1))
    hottest = colorize(np.ones((1, 1), np.float32))[0, 0]
    assert np.argwhere((drawn == hottest).all(-1)).mean(axis=0)[0] == 31.5
    assert (drawn[31:33, 48:] == hottest).all()


def test_a_shared_scale_dims_the_weaker_map(translation: Translation) -> None:
    hottest = colorize(np.ones((1, 1), np.float32))[0, 0]
    alone = np.asarray(map_picture(translation, "generator", opacity=1))
    shared = np.asarray(map_picture(translation, "generator", "shared", opacity=1))
    assert (alone == hottest).all(-1).any()
    assert not (shared == hottest).all(-1).any()


def test_unknown_map_names_those_there_are(translation: Translation) -> None:
    with pytest.raises(TranslationError, match=r"'patch'.*generator, local, global"):
        map_picture(translation, "patch")
    with pytest.raises(TranslationError, match="it has none"):
        map_picture(replace(translation, attention={}), "generator")


def test_caption_states_size_receptive_field_and_normalization(translation: Translation) -> None:
    assert caption(translation, "local") == "15×15 cells · a cell sees 22 px · min–max of this map"
    assert "symmetric" in caption(translation, "local", "symmetric")


def test_caption_says_when_a_cell_sees_more_than_the_picture(translation: Translation) -> None:
    assert "190 px, more than the whole picture (64×64)" in caption(translation, "global")


def test_caption_gives_width_before_height(translation: Translation) -> None:
    tall = changed(
        translation, "local", values=np.zeros((30, 15), np.float32), rows=Grid(0, 1, 9), columns=Grid(0, 1, 5)
    )
    assert caption(tall, "local").startswith("15×30 cells · a cell sees 5×9 px")


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        ((0.5, 1.5), "73% flat"),
        ((-1.0, -1.0), "27% flat"),
        ((0.0, 0.0), "50% flat"),
        ((1e9, 1e9), "over 99% flat"),
        ((-1e9, -1e9), "under 1% flat"),
        ((float("inf"), float("inf")), "over 99% flat"),
        ((float("nan"), 1.0), "no opinion on flat"),
    ],
)
def test_generator_verdict_is_a_probability_and_never_certain(
    translation: Translation, logits: tuple[float, float], expected: str
) -> None:
    assert verdict(changed(translation, "generator", cam_logits=logits), "generator") == expected


def test_critics_verdicts_are_scores_and_never_per_cent(translation: Translation) -> None:
    expected = "CAM score 1.00, patch score 0.25 · 0 = translated, 1 = real"
    assert verdict(translation, "local") == expected
    without = verdict(changed(translation, "global", patch_logits=None), "global")
    assert without == "CAM score 1.00 · 0 = translated, 1 = real"


def test_panel_holds_four_pictures_of_at_least_320_pixels(translation: Translation) -> None:
    drawn = panel(translation, opacity=0)
    assert drawn.mode == "RGB"
    red, blue = (np.asarray(drawn) == [200, 30, 30]).all(-1), (np.asarray(drawn) == [30, 30, 200]).all(-1)
    assert red.sum() == 320 * 320
    assert blue.sum() == 3 * 320 * 320


@pytest.mark.parametrize(("size", "columns"), [((64, 64), 4), ((64, 128), 4), ((192, 64), 2), ((512, 512), 4)])
def test_panel_suits_the_shape_of_the_picture(translation: Translation, size: tuple[int, int], columns: int) -> None:
    drawn = panel(resized(translation, size), opacity=0)
    factor = max(1, 320 / min(size))
    blue = (np.asarray(drawn) == [30, 30, 200]).all(-1)
    assert blue.sum() == 3 * round(size[0] * factor) * round(size[1] * factor)
    assert columns * size[0] * factor < drawn.width < (columns + 1) * size[0] * factor


def test_panel_differs_by_colormap_normalization_and_opacity(translation: Translation) -> None:
    options = [{}, {"colormap": "cividis"}, {"normalization": "symmetric"}, {"normalization": "shared"}]
    drawn = {panel(translation, **option).tobytes() for option in options} | {panel(translation, opacity=0.2).tobytes()}
    assert len(drawn) == 5


def test_panel_of_a_model_without_attention_shows_the_translation_alone(translation: Translation) -> None:
    drawn = np.asarray(panel(replace(translation, attention={})))
    assert (drawn == [30, 30, 200]).all(-1).sum() == 320 * 320
    assert drawn.shape[1] < 500
    below = drawn[drawn.shape[0] - 80 :]
    assert (below < 200).any(), "a note says that there are no maps"


def test_panel_takes_any_domain_name(translation: Translation) -> None:
    named = replace(translation, origin="line\nbreak", to="a very long name " * 30)
    assert panel(named).size == panel(translation).size


def test_panel_names_what_it_does_not_know(translation: Translation) -> None:
    with pytest.raises(TranslationError, match="'rainbow'"):
        panel(translation, colormap="rainbow")
    with pytest.raises(TranslationError, match="'zscore'"):
        panel(translation, normalization="zscore")


def test_drawing_leaves_the_translation_as_it_was(translation: Translation) -> None:
    before = [translation.source.tobytes(), *(m.values.tobytes() for m in translation.attention.values())]
    panel(translation)
    after = [translation.source.tobytes(), *(m.values.tobytes() for m in translation.attention.values())]
    assert before == after


def test_a_panel_survives_a_file(translation: Translation, tmp_path: Path) -> None:
    drawn = panel(translation)
    drawn.save(tmp_path / "panel.png")
    assert Image.open(tmp_path / "panel.png").tobytes() == drawn.tobytes()


def test_critic_without_attention_is_drawn_by_its_patch_scores(scored: Translation) -> None:
    hottest = colorize(np.ones((1, 1), np.float32))[0, 0]
    drawn = np.asarray(map_picture(scored, "patch", opacity=1))
    assert (drawn[-1, -1] == hottest).all()
    assert map_picture(scored, "patch", opacity=0).tobytes() == scored.image.tobytes()
    assert caption(scored, "patch") == "16×16 cells · a cell sees 10 px · min–max of this map"
    assert verdict(scored, "patch") == "patch score 0.00 · 0 = translated, 1 = real"
    logits = changed(scored, "patch", loss="cross-entropy")
    assert verdict(logits, "patch") == "patch score 0.00 · below 0 = translated, above 0 = real"
    unbounded = changed(scored, "patch", loss="wasserstein")
    assert verdict(unbounded, "patch") == "patch score 0.00 · higher = more real, without a fixed scale"


def test_patch_scores_are_never_called_attention(translation: Translation, scored: Translation) -> None:
    assert (title(scored, "patch", ENGLISH), title(translation, "local", ENGLISH)) == (
        "Critic: patch scores", "Local critic"
    )  # fmt: skip
    assert shown(scored.attention["patch"], ENGLISH) == "patch scores over the translation"
    assert has_attention(translation)
    assert not has_attention(scored)
    for words in LANGUAGES.values():
        assert title(scored, "patch", words) != words.attention_maps.titles["patch"]


def test_map_of_a_critic_with_any_name_has_a_title(scored: Translation) -> None:
    coarse = replace(scored, attention={"coarse": scored.attention["patch"]})
    assert title(coarse, "coarse", ENGLISH) == "coarse: patch scores"
    assert panel(coarse).size == panel(scored).size


def test_panel_of_patch_scores_notes_that_there_is_no_attention(
    scored: Translation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = []
    monkeypatch.setattr("viz.panels.compose", lambda tiles, **options: sheets.append((tiles, options)))
    panel(scored)
    ((translated, patch), options) = sheets[0]
    assert (translated.title, patch.aside) == ("Translation", "patch scores over the translation")
    assert options["note"] == ENGLISH.attention_maps.no_attention
    assert options["bar"] is not None


def test_unknown_source_domain_is_put_in_plain_words(translation: Translation, scored: Translation) -> None:
    unknown = replace(changed(translation, "generator", domain=None), origin=None)
    assert verdict(unknown, "generator") == "73% other domains"
    assert (direction(unknown), direction(translation)) == ("→ clay", "flat → clay")
