"""Step 4: what is said of evidence and attention holds for the networks it is said of."""

import numpy as np
import pytest
import torch

from tests.tiny import SIZE
from tests.viz.lesson.known import classifier_weights, subject, texts
from ugatit.errors import TranslationError
from ugatit.evaluation.pointing import pointing_score
from ugatit.explain.interventions import POOLINGS
from ugatit.images.placement import place
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import percent, plain, signed
from viz.lesson.steps.evidence import Settings, view
from viz.lesson.view import Table

ENGLISH = LANGUAGES["en"]


@pytest.mark.parametrize("seed", range(4))
def test_the_maps_mean_is_the_logit_said_both_ways(seed: int) -> None:
    asked = subject(seed, width=SIZE + 6)
    with torch.no_grad():
        logits = asked.model.translate(asked.explainer.tensor(asked.fitted), "square").cam_logits
    assert logits is not None
    logit = signed(float(logits[0, 0]))
    assert f"= {logit}; from the channels: {logit}" in view(asked, Settings("gap"), ENGLISH).formulas[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_of_the_other_evidence_is_not_passed_off_as_the_logit(seed: int) -> None:
    asked = subject(seed)
    features, weights = asked.encoded.features[0], classifier_weights(asked, "gmp")
    mean, logit = (features.mean((1, 2)) * weights).sum(), (features.amax((1, 2)) * weights).sum()
    formula = view(asked, Settings("gmp"), ENGLISH).formulas[0]
    assert f"= {signed(float(mean))}, but" in formula
    assert f"= {signed(float(logit))}:" in formula


@pytest.mark.parametrize("pooling", POOLINGS)
def test_cells_for_and_against_are_counted_and_added_up(pooling: str) -> None:
    asked = subject(2)
    evidence = (asked.encoded.features[0] * classifier_weights(asked, pooling)[:, None, None]).sum(0)
    favour, against = evidence[evidence > 0], evidence[evidence < 0]
    said = view(asked, Settings(pooling), ENGLISH).says[1]
    assert f"{len(favour)} cells for disc add up to {plain(float(favour.sum()), 1)}" in said
    assert f"{len(against)} for square to {plain(float(against.sum()), 1)}" in said


@pytest.mark.parametrize("seed", range(4))
def test_what_the_residual_blocks_add_has_no_average(seed: int) -> None:
    asked = subject(seed)
    encoder = asked.model.generator("square").encoder
    with torch.no_grad():
        before = encoder[:3](asked.explainer.tensor(asked.fitted))
    after = asked.encoded.features
    torch.testing.assert_close(after.mean((2, 3)), before.mean((2, 3)), rtol=1e-4, atol=1e-5)
    assert not torch.allclose(after.amax((2, 3)), before.amax((2, 3)), rtol=1e-2)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_in_the_attention_map_is_below_0(seed: int) -> None:
    asked = subject(seed)
    attended = asked.explained.attended
    assert float(attended.min()) >= 0
    said = view(asked, Settings(), ENGLISH).says[2]
    assert f"{percent(float((attended == 0).float().mean()))} of the mixed values" in said


def test_the_mixed_channels_are_the_largest_parts_of_the_attention_map() -> None:
    asked = subject(3)
    attended = asked.explained.attended[0]
    shares = attended.sum((1, 2)) / attended.sum()
    mixed = view(asked, Settings(), ENGLISH).rows[0][2:]
    order = shares.argsort(descending=True).tolist()[: len(mixed)]
    assert [panel.caption for panel in mixed] == [f"Mixed channel {channel}" for channel in order]
    assert [panel.made.split()[0] for panel in mixed] == [percent(float(shares[channel])) for channel in order]


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("seed", range(6))
def test_hits_and_overlaps_are_those_of_the_pointing_measure(seed: int, pooling: str) -> None:
    asked = subject(seed)
    shown = view(asked, Settings(pooling), ENGLISH)
    (table,) = shown.charts
    assert isinstance(table, Table)
    features, maps = asked.encoded.features[0], [asked.explained.attention_map[0, 0]]
    maps += [(features * classifier_weights(asked, each)[:, None, None]).sum(0) for each in POOLINGS]
    grid = asked.model.attention_grids("square")["generator"]
    assert asked.truth is not None
    scores = [pointing_score(place(values.numpy(), grid, grid, (SIZE, SIZE)), asked.truth) for values in maps]
    assert [row[1:] for row in table.rows] == [("yes" if hit else "no", plain(iou)) for hit, iou in scores]
    attention, evidence = scores[0], scores[1 + POOLINGS.index(pooling)]
    said = ENGLISH.evidence
    outcomes = {(True, True): said.both_hit, (True, False): said.attention_only, (False, True): said.evidence_only}
    expected = outcomes.get((attention[0], evidence[0]), said.neither_hit)
    assert shown.says[0].startswith(expected)


def test_nothing_is_said_of_an_object_that_is_not_known() -> None:
    shown = view(subject(known=False), Settings(), ENGLISH)
    assert shown.charts == ()
    assert not any("object" in said for said in shown.says)


def test_a_flat_attention_map_is_said_to_agree_with_nothing() -> None:
    asked = subject(1)
    asked.model.generator("square").attention.fuse.weight.data.zero_()
    asked.model.generator("square").attention.fuse.bias.data.fill_(-1)
    shown = view(asked, Settings(), ENGLISH)
    assert shown.says[0].endswith("maps: 0.00.")
    assert np.ptp(np.asarray(shown.panel("mixed-1").picture)) > 0


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("pooling", POOLINGS)
def test_all_is_said_in_every_language(words: Words, pooling: str) -> None:
    shown = view(subject(2), Settings(pooling), words)
    assert not any("{{" in said or "{name}" in said for said in texts(shown))
    assert words.evidence.pointing in element(shown)


def test_settings_travel_in_a_link_and_others_are_refused() -> None:
    assert Settings.from_query(Settings("gmp").to_query()) == Settings("gmp")
    with pytest.raises(TranslationError, match="'median'"):
        Settings.from_query({"pooling": "median"})
