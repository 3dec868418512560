"""Step 3: evidence and maxima hold the logits, and each choice shows the pass it stands for."""

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.known import classifier_weights, subject, texts
from ugatit.errors import TranslationError
from ugatit.explain.interventions import AttentionOff, Intervention, OnlyPooling
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.channels import peak_cells, peaks
from viz.lesson.html import element
from viz.lesson.maps import laid
from viz.lesson.number_format import percent, plain, signed
from viz.lesson.steps.pooling import CHOICES, Settings, view
from viz.lesson.subject import of_first
from viz.lesson.view import Table

ENGLISH = LANGUAGES["en"]


@pytest.mark.parametrize("seed", range(4))
def test_the_dots_add_up_to_the_logit_of_max_pooling(seed: int) -> None:
    asked = subject(seed, width=SIZE + 6)
    found = peaks(asked.explained.features, asked.explained.gmp.contributions)
    assert float(found.sum()) == pytest.approx(float(asked.explained.gmp.logits[0]), abs=1e-4)
    features, weights = asked.encoded.features[0].numpy(), classifier_weights(asked, "gmp")
    by_hand = np.zeros(found.shape)
    for channel, weight in zip(features, weights.tolist(), strict=True):
        by_hand[np.unravel_index(channel.argmax(), channel.shape)] += weight * channel.max()
    np.testing.assert_allclose(found, by_hand, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_each_cell_is_where_its_channel_is_strongest(seed: int) -> None:
    features = subject(seed).encoded.features
    for channel, (row, column) in zip(features[0], peak_cells(features), strict=True):
        assert channel[row, column] == channel.max()


@pytest.mark.parametrize(
    ("attend", "interventions"),
    [("both", ()), ("gap", (OnlyPooling("gap"),)), ("gmp", (OnlyPooling("gmp"),)), ("off", (AttentionOff(),))],
)
def test_each_choice_shows_the_pass_it_stands_for(attend: str, interventions: tuple[Intervention, ...]) -> None:
    asked = subject(1, width=SIZE + 6)
    shown = view(asked, Settings(attend), ENGLISH)
    changed = asked.explainer.explain(asked.encoded, *interventions)
    assert np.array_equal(np.asarray(shown.panel("translation-now").picture), np.asarray(asked.drawn(changed.image)))
    assert torch.equal(changed.cam_logits, asked.explained.cam_logits)
    assert len(shown.says) == (3 if attend == "both" else 4)


def test_evidence_is_laid_signed_over_the_picture() -> None:
    asked = subject(known=False)
    shown = view(asked, Settings(), ENGLISH)
    for pooling in ("gap", "gmp"):
        weights = classifier_weights(asked, pooling)[:, None, None]
        evidence = (asked.encoded.features[0] * weights).sum(0).numpy()
        expected = laid(evidence, asked.picture, asked.grids(), signed=True)
        drawn = np.asarray(shown.panel(f"{pooling}-evidence").picture, int)
        assert np.abs(drawn - np.asarray(expected, int)).max() <= 2


@pytest.mark.parametrize("seed", range(3))
def test_the_table_holds_both_logits_and_what_they_are_made_of(seed: int) -> None:
    asked = subject(seed)
    (table,) = view(asked, Settings(), ENGLISH).charts
    assert isinstance(table, Table)
    features = asked.encoded.features[0].flatten(1)
    for column, (pooling, pooled) in enumerate((("gap", features.mean(1)), ("gmp", features.max(1).values)), start=1):
        contributions = pooled * classifier_weights(asked, pooling)
        assert [row[column] for row in table.rows] == [
            f"{plain(float(pooled.min()))} and {plain(float(pooled.max()))}",
            plain(float(classifier_weights(asked, pooling).abs().mean()), 3),
            signed(float(contributions[contributions > 0].sum())),
            signed(float(contributions[contributions < 0].sum())),
            signed(float(contributions.sum())),
            f"{percent(float(contributions.sum().sigmoid()))} disc",
        ]


def test_maxima_on_the_object_are_counted_where_it_is_known_alone() -> None:
    known, unknown = (view(subject(known=known), Settings(), ENGLISH) for known in (True, False))
    assert len(known.says) == len(unknown.says) + 1
    everywhere = subject()
    everywhere.truth = np.ones((SIZE, SIZE), bool)
    assert "16 of the 16 maxima" in view(everywhere, Settings(), ENGLISH).says[-1]


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("attend", CHOICES)
def test_all_is_said_in_every_language(words: Words, attend: str) -> None:
    asked = subject(2)
    shown = view(asked, Settings(attend), words)
    assert not any("{{" in said or "{name}" in said for said in texts(shown))
    assert element(shown).count("<figure") == 8
    assert of_first(asked.explained.attention_map).size == 64


def test_settings_travel_in_a_link_and_others_are_refused() -> None:
    assert Settings.from_query(Settings("off").to_query()) == Settings("off")
    with pytest.raises(TranslationError, match="'median'"):
        Settings.from_query({"attend": "median"})
