"""Step 2: contributions add up to the logit, dropped channels have none, and the pictures are the network's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.subjects import classifier_weights, make_subject
from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS, DropChannels
from viz.i18n import LANGUAGES
from viz.lesson.html import view_to_html
from viz.lesson.number_format import format_number, format_signed
from viz.lesson.steps.encoder import Settings, rank_channels, toggle_channel, view
from viz.lesson.subject import Subject
from viz.lesson.view import Stack, Tiles, View

ENGLISH = LANGUAGES["en"]
CHANNELS = 16


def charts(result: View) -> tuple[Stack, Tiles]:
    stack, tiles = result.charts
    assert isinstance(stack, Stack)
    assert isinstance(tiles, Tiles)
    return stack, tiles


def by_hand(subject: Subject, pooling: str) -> torch.Tensor:
    """(K,), from the encoder's features and the classifier's weights alone."""
    features = subject.encoded.features[0].flatten(1)
    pooled = features.mean(dim=1) if pooling == "gap" else features.max(dim=1).values
    return pooled * classifier_weights(subject, pooling)


@pytest.mark.parametrize("off", [(), (0,), (3, 7, 11), tuple(range(CHANNELS))])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(3))
def test_the_stack_adds_up_to_the_logit_of_the_channels_that_are_on(
    seed: int, pooling: str, off: tuple[int, ...]
) -> None:
    subject = make_subject(seed, width=SIZE + 6)
    stack, _ = charts(view(subject, Settings(pooling, 12, off=off), ENGLISH))
    kept = [k for k in range(CHANNELS) if k not in off]
    assert sum(part.value for part in stack.parts) == pytest.approx(stack.total.value, abs=1e-4)
    assert stack.total.value == pytest.approx(float(by_hand(subject, pooling)[kept].sum()), abs=1e-4)
    assert format_number(stack.total.value) in stack.total.label
    assert len(stack.parts) == min(len(kept), 12) + (len(kept) > 12)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(3))
def test_tiles_come_by_the_size_of_their_contribution_and_carry_its_arithmetic(seed: int, pooling: str) -> None:
    subject = make_subject(seed)
    _, tiles = charts(view(subject, Settings(pooling), ENGLISH))
    contributions, weights = by_hand(subject, pooling), classifier_weights(subject, pooling)
    order = contributions.abs().argsort(descending=True).tolist()
    assert [tile.channel for tile in tiles.tiles] == order
    for tile in tiles.tiles:
        contribution, weight = float(contributions[tile.channel]), float(weights[tile.channel])
        pooled = contribution / weight
        assert (
            tile.note.count(
                f"{format_number(pooled, 3)} × weight {format_signed(weight, 4)} = {format_signed(contribution)}"
            )
            == 1
        )


@pytest.mark.parametrize("pooling", POOLINGS)
def test_the_pictures_are_the_networks_without_the_dropped_channels(pooling: str) -> None:
    subject = make_subject(1, width=SIZE + 6)
    result = view(subject, Settings(pooling, off=(2, 5)), ENGLISH)
    changed = subject.explainer.explain(subject.encoded, DropChannels([2, 5]))
    untouched = subject.explainer.explain(subject.encoded)
    for name, explanation in (("translation", untouched), ("translation-now", changed)):
        assert np.array_equal(np.asarray(result.panel(name).picture), np.asarray(subject.render(explanation.image)))
    for column, each in enumerate(POOLINGS):
        before, after = (float(explanation.cam_logits[0, column]) for explanation in (untouched, changed))
        sentences = " ".join(result.sentences).replace(",", "")
        assert f"ℓ_{{{each}}} went from {format_number(before)} to {format_number(after)}." in sentences


def test_a_dropped_channel_is_marked_and_has_no_part_in_the_sum() -> None:
    stack, tiles = charts(view(make_subject(), Settings(off=(4,)), ENGLISH))
    assert [tile.channel for tile in tiles.tiles if not tile.on] == [4]
    assert not any(part.label.startswith("4 ") for part in stack.parts)


def test_the_slider_switches_the_first_tiles_off_and_a_click_switches_one_on_again() -> None:
    subject = make_subject()
    first, second, third = (channel for channel, _ in rank_channels(subject, "gmp")[:3])
    _, tiles = charts(view(subject, toggle_channel(Settings(strongest=3), second), ENGLISH))
    assert {tile.channel for tile in tiles.tiles if not tile.on} == {first, third}


def test_pressing_a_tile_twice_changes_nothing() -> None:
    settings = Settings(off=(1, 9))
    assert toggle_channel(toggle_channel(settings, 4), 4) == settings
    assert toggle_channel(settings, 9).off == (1,)


def test_a_toggled_channel_always_has_a_tile() -> None:
    subject = make_subject()
    weakest = rank_channels(subject, "gap")[-1][0]
    _, tiles = charts(view(subject, Settings("gap", 12, off=(weakest,)), ENGLISH))
    assert [tile.channel for tile in tiles.tiles][12:] == [weakest]


def test_views_do_not_affect_each_other() -> None:
    subject = make_subject()
    before = view_to_html(view(subject, Settings(), ENGLISH))
    changed = view_to_html(view(subject, Settings("gap", 12, 2, (3,)), ENGLISH))
    assert view_to_html(view(subject, Settings(), ENGLISH)) == before
    assert min(page.count("data-channel") for page in (before, changed)) >= 12


def test_a_channel_that_the_network_does_not_have_is_refused() -> None:
    with pytest.raises(TranslationError, match=f"no channel {CHANNELS}"):
        view(make_subject(), replace(Settings(), off=(CHANNELS,)), ENGLISH)
