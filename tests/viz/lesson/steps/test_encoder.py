"""Step 2: contributions add up to the logit shown, channels that are off vanish, pictures are the network's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.known import classifier_weights, subject, texts
from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS, DropChannels
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import plain, signed
from viz.lesson.steps.encoder import Settings, pick, ranked, view
from viz.lesson.subject import Subject
from viz.lesson.view import Stack, Tiles, View

ENGLISH = LANGUAGES["en"]
CHANNELS = 16


def charts(shown: View) -> tuple[Stack, Tiles]:
    stack, tiles = shown.charts
    assert isinstance(stack, Stack)
    assert isinstance(tiles, Tiles)
    return stack, tiles


def by_hand(asked: Subject, pooling: str) -> torch.Tensor:
    """(K,), from the encoder's features and the classifier's weights alone."""
    features = asked.encoded.features[0].flatten(1)
    pooled = features.mean(dim=1) if pooling == "gap" else features.max(dim=1).values
    return pooled * classifier_weights(asked, pooling)


@pytest.mark.parametrize("off", [(), (0,), (3, 7, 11), tuple(range(CHANNELS))])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(3))
def test_the_stack_adds_up_to_the_logit_of_the_channels_that_are_on(
    seed: int, pooling: str, off: tuple[int, ...]
) -> None:
    asked = subject(seed, width=SIZE + 6)
    stack, _ = charts(view(asked, Settings(pooling, 12, off=off), ENGLISH))
    kept = [k for k in range(CHANNELS) if k not in off]
    assert sum(part.value for part in stack.parts) == pytest.approx(stack.total.value, abs=1e-4)
    assert stack.total.value == pytest.approx(float(by_hand(asked, pooling)[kept].sum()), abs=1e-4)
    assert plain(stack.total.value) in stack.total.label
    assert len(stack.parts) == min(len(kept), 12) + (len(kept) > 12)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(3))
def test_tiles_come_by_the_size_of_their_contribution_and_carry_its_arithmetic(seed: int, pooling: str) -> None:
    asked = subject(seed)
    _, tiles = charts(view(asked, Settings(pooling), ENGLISH))
    contributions, weights = by_hand(asked, pooling), classifier_weights(asked, pooling)
    order = contributions.abs().argsort(descending=True).tolist()
    assert [tile.channel for tile in tiles.tiles] == order
    for tile in tiles.tiles:
        contribution, weight = float(contributions[tile.channel]), float(weights[tile.channel])
        pooled = contribution / weight
        assert tile.note.count(f"{plain(pooled, 3)} × weight {signed(weight, 4)} = {signed(contribution)}") == 1


@pytest.mark.parametrize("pooling", POOLINGS)
def test_the_pictures_are_those_of_the_pass_without_the_channels(pooling: str) -> None:
    asked = subject(1, width=SIZE + 6)
    shown = view(asked, Settings(pooling, off=(2, 5)), ENGLISH)
    changed = asked.explainer.explain(asked.encoded, DropChannels([2, 5]))
    untouched = asked.explainer.explain(asked.encoded)
    for name, explained in (("translation", untouched), ("translation-now", changed)):
        assert np.array_equal(np.asarray(shown.panel(name).picture), np.asarray(asked.drawn(explained.image)))
    for column, each in enumerate(POOLINGS):
        before, after = (float(explained.cam_logits[0, column]) for explained in (untouched, changed))
        said = " ".join(shown.says).replace(",", "")
        assert f"ℓ_{{{each}}} went from {plain(before)} to {plain(after)}." in said


def test_a_channel_that_is_off_is_shown_so_and_has_no_part_in_the_sum() -> None:
    stack, tiles = charts(view(subject(), Settings(off=(4,)), ENGLISH))
    assert [tile.channel for tile in tiles.tiles if not tile.on] == [4]
    assert not any(part.label.startswith("4 ") for part in stack.parts)


def test_the_slider_switches_the_first_tiles_off_and_a_hand_switches_them_on_again() -> None:
    asked = subject()
    first, second, third = (channel for channel, _ in ranked(asked, "gmp")[:3])
    _, tiles = charts(view(asked, pick(Settings(strongest=3), second), ENGLISH))
    assert {tile.channel for tile in tiles.tiles if not tile.on} == {first, third}


def test_pressing_a_tile_twice_changes_nothing() -> None:
    settings = Settings(off=(1, 9))
    assert pick(pick(settings, 4), 4) == settings
    assert pick(settings, 9).off == (1,)


def test_a_channel_switched_by_hand_stays_in_reach() -> None:
    asked = subject()
    weakest = ranked(asked, "gap")[-1][0]
    _, tiles = charts(view(asked, Settings("gap", 12, off=(weakest,)), ENGLISH))
    assert [tile.channel for tile in tiles.tiles][12:] == [weakest]


def test_one_view_leaves_the_next_as_it_was() -> None:
    asked = subject()
    before = view(asked, Settings(), ENGLISH)
    view(asked, Settings(strongest=12), ENGLISH)
    assert element(view(asked, Settings(), ENGLISH)) == element(before)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("settings", [Settings(), Settings("gap", 12, 2, (3,))])
def test_all_is_said_in_every_language(words: Words, settings: Settings) -> None:
    shown = view(subject(), settings, words)
    assert not any("{{" in said or "{count}" in said for said in texts(shown))
    assert element(shown).count("data-channel") >= 12


def test_settings_travel_in_a_link() -> None:
    settings = Settings("gap", 48, 5, (0, 3, 12))
    assert Settings.from_query(settings.to_query()) == settings
    assert Settings().to_query() == {}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"pooling": "median"}, "'median'"),
        ({"shown": "7"}, "got 7"),
        ({"strongest": "999"}, "got 999"),
        ({"off": "1.-2"}, "-2"),
        ({"off": "1.x"}, "off"),
    ],
)
def test_a_link_to_what_is_not_there_is_refused(query: dict[str, str], message: str) -> None:
    with pytest.raises(TranslationError, match=message):
        Settings.from_query(query)


def test_a_channel_that_the_network_does_not_have_is_refused() -> None:
    with pytest.raises(TranslationError, match=f"no channel {CHANNELS}"):
        view(subject(), replace(Settings(), off=(CHANNELS,)), ENGLISH)
