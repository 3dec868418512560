"""Step 3: evidence and maxima add up to the logits, and each choice shows the corresponding intervention."""

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.subjects import classifier_weights, make_subject
from ugatit.explain.interventions import AttentionOff, Intervention, OnlyPooling
from viz.i18n import LANGUAGES
from viz.lesson.channels import peak_cells, peak_contributions
from viz.lesson.html import view_to_html
from viz.lesson.maps import draw_map
from viz.lesson.number_format import format_number, format_percent, format_signed
from viz.lesson.steps.pooling import Settings, view
from viz.lesson.subject import first_map
from viz.lesson.view import Table

ENGLISH = LANGUAGES["en"]


@pytest.mark.parametrize("seed", range(4))
def test_peak_contributions_add_up_to_the_logit_of_max_pooling(seed: int) -> None:
    subject = make_subject(seed, width=SIZE + 6)
    peaks = peak_contributions(subject.explanation.features, subject.explanation.gmp.contributions)
    assert float(peaks.sum()) == pytest.approx(float(subject.explanation.gmp.logits[0]), abs=1e-4)
    features, weights = subject.encoded.features[0].numpy(), classifier_weights(subject, "gmp")
    by_hand = np.zeros(peaks.shape)
    for channel, weight in zip(features, weights.tolist(), strict=True):
        by_hand[np.unravel_index(channel.argmax(), channel.shape)] += weight * channel.max()
    np.testing.assert_allclose(peaks, by_hand, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_peak_cells_are_the_channels_maxima(seed: int) -> None:
    features = make_subject(seed).encoded.features
    for channel, (row, column) in zip(features[0], peak_cells(features), strict=True):
        assert channel[row, column] == channel.max()


@pytest.mark.parametrize(
    ("attend", "interventions"),
    [("both", ()), ("gap", (OnlyPooling("gap"),)), ("gmp", (OnlyPooling("gmp"),)), ("off", (AttentionOff(),))],
)
def test_each_choice_shows_its_intervention(attend: str, interventions: tuple[Intervention, ...]) -> None:
    subject = make_subject(1, width=SIZE + 6)
    result = view(subject, Settings(attend), ENGLISH)
    changed = subject.explainer.explain(subject.encoded, *interventions)
    assert np.array_equal(
        np.asarray(result.panel("translation-now").picture), np.asarray(subject.render(changed.image))
    )
    assert torch.equal(changed.cam_logits, subject.explanation.cam_logits)
    assert view_to_html(result).count("<figure") == 8
    assert len(result.sentences) == (3 if attend == "both" else 4)


def test_evidence_is_drawn_signed_over_the_picture() -> None:
    subject = make_subject(known=False)
    result = view(subject, Settings(), ENGLISH)
    assert first_map(subject.explanation.attention_map).size == 64
    for pooling in ("gap", "gmp"):
        weights = classifier_weights(subject, pooling)[:, None, None]
        evidence = (subject.encoded.features[0] * weights).sum(0).numpy()
        expected = draw_map(evidence, subject.picture, subject.grids(), signed=True)
        drawn = np.asarray(result.panel(f"{pooling}-evidence").picture, int)
        assert np.abs(drawn - np.asarray(expected, int)).max() <= 2


@pytest.mark.parametrize("seed", range(3))
def test_the_table_contains_both_logits_and_their_parts(seed: int) -> None:
    subject = make_subject(seed)
    (table,) = view(subject, Settings(), ENGLISH).charts
    assert isinstance(table, Table)
    features = subject.encoded.features[0].flatten(1)
    for column, (pooling, pooled) in enumerate((("gap", features.mean(1)), ("gmp", features.max(1).values)), start=1):
        contributions = pooled * classifier_weights(subject, pooling)
        assert [row[column] for row in table.rows] == [
            f"{format_number(float(pooled.min()))} and {format_number(float(pooled.max()))}",
            format_number(float(classifier_weights(subject, pooling).abs().mean()), 3),
            format_signed(float(contributions[contributions > 0].sum())),
            format_signed(float(contributions[contributions < 0].sum())),
            format_signed(float(contributions.sum())),
            f"{format_percent(float(contributions.sum().sigmoid()))} disc",
        ]


def test_maxima_on_the_object_are_counted_only_if_it_is_known() -> None:
    known, unknown = (view(make_subject(known=known), Settings(), ENGLISH) for known in (True, False))
    assert len(known.sentences) == len(unknown.sentences) + 1
    everywhere = make_subject()
    everywhere.truth = np.ones((SIZE, SIZE), bool)
    assert "16 of the 16 maxima" in view(everywhere, Settings(), ENGLISH).sentences[-1]
