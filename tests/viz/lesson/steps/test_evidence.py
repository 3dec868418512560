"""Step 4: the statements about evidence and attention hold for the networks."""

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.subjects import classifier_weights, make_subject
from ugatit.evaluation.pointing import pointing_score
from ugatit.explain.interventions import POOLINGS
from ugatit.images.placement import place_map
from viz.i18n import LANGUAGES
from viz.lesson.number_format import format_number, format_percent, format_signed
from viz.lesson.steps.evidence import Settings, view
from viz.lesson.view import Table

ENGLISH = LANGUAGES["en"]


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_of_gap_evidence_is_the_logit_computed_both_ways(seed: int) -> None:
    subject = make_subject(seed, width=SIZE + 6)
    with torch.no_grad():
        logits = subject.model.translate(subject.explainer.tensor(subject.fitted), "square").cam_logits
    assert logits is not None
    logit = format_signed(float(logits[0, 0]))
    assert f"= {logit}; from the channels: {logit}" in view(subject, Settings("gap"), ENGLISH).formulas[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_of_gmp_evidence_is_distinguished_from_the_logit(seed: int) -> None:
    subject = make_subject(seed)
    features, weights = subject.encoded.features[0], classifier_weights(subject, "gmp")
    mean, logit = (features.mean((1, 2)) * weights).sum(), (features.amax((1, 2)) * weights).sum()
    formula = view(subject, Settings("gmp"), ENGLISH).formulas[0]
    assert f"= {format_signed(float(mean))}, but" in formula
    assert f"= {format_signed(float(logit))}:" in formula


@pytest.mark.parametrize("pooling", POOLINGS)
def test_cells_for_and_against_are_counted_and_added_up(pooling: str) -> None:
    subject = make_subject(2)
    evidence = (subject.encoded.features[0] * classifier_weights(subject, pooling)[:, None, None]).sum(0)
    favour, against = evidence[evidence > 0], evidence[evidence < 0]
    sentence = view(subject, Settings(pooling), ENGLISH).sentences[1]
    assert f"{len(favour)} cells for disc add up to {format_number(float(favour.sum()), 1)}" in sentence
    assert f"{len(against)} for square to {format_number(float(against.sum()), 1)}" in sentence


@pytest.mark.parametrize("seed", range(4))
def test_the_residual_blocks_do_not_change_the_channels_averages(seed: int) -> None:
    subject = make_subject(seed)
    encoder = subject.model.generator("square").encoder
    with torch.no_grad():
        before = encoder[:3](subject.explainer.tensor(subject.fitted))
    after = subject.encoded.features
    torch.testing.assert_close(after.mean((2, 3)), before.mean((2, 3)), rtol=1e-4, atol=1e-5)
    assert not torch.allclose(after.amax((2, 3)), before.amax((2, 3)), rtol=1e-2)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_in_the_attention_map_is_below_0(seed: int) -> None:
    subject = make_subject(seed)
    attended = subject.explanation.attended
    assert float(attended.min()) >= 0
    sentence = view(subject, Settings(), ENGLISH).sentences[2]
    assert f"{format_percent(float((attended == 0).float().mean()))} of the mixed values" in sentence


def test_the_attended_channels_shown_are_the_largest_parts_of_the_attention_map() -> None:
    subject = make_subject(3)
    attended = subject.explanation.attended[0]
    shares = attended.sum((1, 2)) / attended.sum()
    mixed = view(subject, Settings(), ENGLISH).rows[0][2:]
    order = shares.argsort(descending=True).tolist()[: len(mixed)]
    assert [panel.caption for panel in mixed] == [f"Mixed channel {channel}" for channel in order]
    assert [panel.details.split()[0] for panel in mixed] == [
        format_percent(float(shares[channel])) for channel in order
    ]


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(6))
def test_hits_and_overlaps_are_those_of_the_pointing_score(seed: int, pooling: str) -> None:
    subject = make_subject(seed)
    result = view(subject, Settings(pooling), ENGLISH)
    (table,) = result.charts
    assert isinstance(table, Table)
    features, maps = subject.encoded.features[0], [subject.explanation.attention_map[0, 0]]
    maps += [(features * classifier_weights(subject, each)[:, None, None]).sum(0) for each in POOLINGS]
    grid = subject.model.attention_grids("square")["generator"]
    assert subject.truth is not None
    scores = [pointing_score(place_map(values.numpy(), grid, grid, (SIZE, SIZE)), subject.truth) for values in maps]
    assert [row[1:] for row in table.rows] == [("yes" if hit else "no", format_number(iou)) for hit, iou in scores]
    attention, evidence = scores[0], scores[1 + POOLINGS.index(pooling)]
    texts = ENGLISH.evidence
    outcomes = {(True, True): texts.both_hit, (True, False): texts.attention_only, (False, True): texts.evidence_only}
    expected = outcomes.get((attention[0], evidence[0]), texts.neither_hit)
    assert result.sentences[0].startswith(expected)


def test_an_unknown_object_is_not_mentioned() -> None:
    result = view(make_subject(known=False), Settings(), ENGLISH)
    assert result.charts == ()
    assert not any("object" in sentence for sentence in result.sentences)


def test_a_flat_attention_map_has_correlation_0() -> None:
    subject = make_subject(1)
    subject.model.generator("square").attention.fuse.weight.data.zero_()
    subject.model.generator("square").attention.fuse.bias.data.fill_(-1)
    result = view(subject, Settings(), ENGLISH)
    assert result.sentences[0].endswith("maps: 0.00.")
    assert np.ptp(np.asarray(result.panel("mixed-1").picture)) > 0
