from pathlib import Path

import numpy as np
import pytest
import torch

from tests.attentive_toy import AttentiveToy
from tests.tiny import SIZE, pictures, tiny_config
from tests.toy import Toy, ToyConfig
from ugatit.checkpoints.store import write_manifest
from ugatit.errors import PictureError, TranslationError
from ugatit.models import MODELS
from ugatit.models.manifest import Manifest
from ugatit.training.samples import PICTURES, DomainSample, draw_samples, write_samples
from viz.timeline import MIN_SIDE, SCALES, Row, Timeline

MAPS = ("generator", "local", "global")


def sample(strength: float, translated: float = 0.0) -> dict[str, DomainSample]:
    """Two held-out pictures a domain; maps that rise from 0 to `strength`."""
    ramp = np.linspace(0, strength, 2 * 8 * 8, dtype=np.float32).reshape(2, 8, 8)
    images = torch.full((2, 3, SIZE, SIZE), translated)
    return {
        domain: DomainSample(pictures(), images, images, dict.fromkeys(MAPS, ramp)) for domain in ("disc", "square")
    }


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "samples").mkdir()
    write_manifest(tmp_path, Manifest("ugatit", tiny_config().to_dict()))
    for step, strength in ((0, 8.0), (100, 1.0), (200, 4.0)):
        write_samples(tmp_path / "samples" / f"step_{step:07d}.png", sample(strength))
    return tmp_path


def brightest(rows: list[Row], name: str) -> int:
    return max(int(np.asarray(row.maps[name]).max()) for row in rows)


def test_every_held_out_picture_has_its_source_translation_and_maps(run: Path) -> None:
    rows = Timeline(run).rows(200, 200, "disc")
    assert len(rows) == 2
    for row in rows:
        assert row.source is not None
        assert tuple(row.maps) == MAPS
        sizes = {picture.size for picture in (row.source, row.translation, *row.maps.values())}
        assert len(sizes) == 1
        assert min(sizes.pop()) >= MIN_SIDE


def test_the_generators_map_lies_over_the_source_and_the_critics_over_the_translation(run: Path) -> None:
    for row in Timeline(run).rows(200, 200, "disc", opacity=0.0):
        assert row.source is not None
        assert np.array_equal(row.maps["generator"], row.source)
        assert np.array_equal(row.maps["local"], row.translation)
        assert np.array_equal(row.maps["global"], row.translation)


def test_the_newest_samples_scale_holds_for_every_moment(run: Path) -> None:
    timeline = Timeline(run)
    brightness = [
        brightest(timeline.rows(step, 200, "disc", "newest", 1.0, "gray"), "generator") for step in (0, 100, 200)
    ]
    assert brightness == [255, pytest.approx(64, abs=2), 255]
    beyond = timeline.rows(0, 200, "disc", "newest", 1.0, "gray")[1].maps["generator"]
    assert np.asarray(beyond).min() == 255, "values beyond the scale are clipped"


def test_each_map_can_have_a_scale_of_its_own(run: Path) -> None:
    timeline = Timeline(run)
    assert [brightest(timeline.rows(step, 200, "disc", "minmax", 1.0, "gray"), "local") for step in (100, 200)] == [
        255
    ] * 2


def test_non_finite_values_can_be_drawn(run: Path) -> None:
    broken = sample(2.0)
    broken["disc"].maps["global"] = np.full((2, 8, 8), np.nan, np.float32)
    write_samples(run / "samples" / "step_0000300.png", broken)
    for scale in SCALES:
        assert len(Timeline(run).rows(300, 300, "disc", scale)) == 2


def test_a_run_without_source_pictures_is_shown_without_them(run: Path) -> None:
    (run / "samples" / PICTURES).unlink()
    rows = Timeline(run).rows(100, 200, "square")
    assert {row.source for row in rows} == {None}
    assert rows[0].maps["generator"].size == rows[0].translation.size


def test_an_unknown_step_domain_or_scale_is_named(run: Path) -> None:
    timeline = Timeline(run)
    with pytest.raises(PictureError, match="no sample at that step"):
        timeline.rows(150, 200, "disc")
    with pytest.raises(TranslationError, match="disc, square"):
        timeline.rows(200, 200, "cat")
    with pytest.raises(TranslationError, match="newest, minmax"):
        timeline.rows(200, 200, "disc", "loudest")


def run_of(folder: Path, model: Toy) -> Path:
    """A run of a model of three domains with a sample at step 0."""
    (folder / "samples").mkdir(parents=True)
    write_manifest(folder, Manifest(model.name, model.config.to_dict()))
    held_out = {domain: pictures(2, seed=seed) for seed, domain in enumerate(model.domains)}
    write_samples(folder / "samples" / "step_0000000.png", draw_samples(model.eval(), held_out))
    return folder


def test_patch_scores_of_a_model_without_attention_are_drawn_over_the_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "toy", Toy)
    timeline = Timeline(run_of(tmp_path, Toy(ToyConfig())))
    assert timeline.directions == {"A": "B", "B": "C", "C": "A"}
    for origin in timeline.domains:
        for row in timeline.rows(0, 0, origin, opacity=0.0):
            assert (list(row.maps), row.attention) == (["patch"], frozenset())
            assert np.array_equal(row.maps["patch"], row.translation)
        assert brightest(timeline.rows(0, 0, origin, "minmax", 1.0, "gray"), "patch") == 255


def test_networks_of_any_name_are_drawn_and_scores_without_a_position_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "attentive", AttentiveToy)
    run = run_of(tmp_path, AttentiveToy(ToyConfig()))
    row = Timeline(run).rows(0, 0, "B")[0]
    assert tuple(row.maps) == ("generator", "small", "large")
    assert row.attention == {"generator", "small", "large"}

    monkeypatch.setattr(AttentiveToy, "attention_grids", lambda model, to: {})
    monkeypatch.setattr(AttentiveToy, "patch_grids", lambda model, to: {})
    assert Timeline(run).rows(0, 0, "B")[0].maps == {}
