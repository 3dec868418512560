"""Interventions: what each changes, what stays unchanged, which values are refused."""

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d

from tests.tiny import pictures
from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import (
    AttentionOff,
    DropChannels,
    Intervention,
    KeepChannels,
    ModulationOf,
    OnlyPooling,
    Paint,
    Rho,
)
from ugatit.explain.results import Encoded, GeneratorExplanation
from ugatit.models import UGATIT
from ugatit.networks.attention import PoolingPair
from ugatit.networks.ugatit import Modulation

CHANNELS, CELLS = 16, 8  # of the tiny generator
NAMES = ("drop", "keep", "gap", "gmp", "off", "paint", "instance", "layer", "one layer", "modulation")


@pytest.fixture(scope="module")
def encoded(explainer: Explainer) -> Encoded:
    return explainer.encode(pictures(2, seed=5))


def half_mask() -> Tensor:
    mask = torch.ones(CELLS, CELLS)
    mask[:, : CELLS // 2] = 0
    return mask


def intervention(name: str, explainer: Explainer) -> Intervention:
    makers: dict[str, Callable[[], Intervention]] = {
        "drop": lambda: DropChannels([0, 3, 5]),
        "keep": lambda: KeepChannels([0, 3, 5]),
        "gap": lambda: OnlyPooling("gap"),
        "gmp": lambda: OnlyPooling("gmp"),
        "off": AttentionOff,
        "paint": lambda: Paint(half_mask()),
        "instance": lambda: Rho(1.0, layer="upsampling.1.norm"),
        "layer": lambda: Rho(0.0, strength=0.7),
        "one layer": lambda: Rho(0.25, layer="decoder.0.norm2"),
        "modulation": lambda: ModulationOf(explainer.modulation(explainer.encode(pictures(1, seed=9)))),
    }
    return makers[name]()


def same(first: GeneratorExplanation, second: GeneratorExplanation) -> bool:
    fields = ("image", "cam_logits", "attention_map", "features", "attended")
    return all(torch.equal(getattr(first, name), getattr(second, name)) for name in fields)


def same_weights(model: UGATIT, weights: dict[str, Tensor]) -> bool:
    return all(torch.equal(values, weights[key]) for key, values in model.state_dict().items())


@pytest.mark.parametrize("name", NAMES)
def test_intervention_changes_the_picture_but_not_the_network_or_the_encoded_features(
    name: str, model: UGATIT, explainer: Explainer, encoded: Encoded
) -> None:
    weights, features = copy.deepcopy(model.state_dict()), encoded.features.clone()
    before = explainer.explain(encoded)
    changed = explainer.explain(encoded, intervention(name, explainer))
    after = explainer.explain(encoded)

    assert not torch.equal(changed.image, before.image)
    assert changed.image.isfinite().all()
    assert same(before, after)
    assert same_weights(model, weights)
    assert torch.equal(encoded.features, features)
    assert torch.equal(after.image, model.translate(encoded.pictures, "square").image)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_concurrent_threads_get_the_same_results_as_sequential_calls(model: UGATIT, precision: str) -> None:
    explainer = Explainer(model, "square", precision)
    encoded = explainer.encode(pictures(2, seed=5))
    changes = [(), *((intervention(name, explainer),) for name in NAMES)] * 4
    sequential = [explainer.explain(encoded, *change) for change in changes]
    with ThreadPoolExecutor(4) as pool:
        concurrent = list(pool.map(lambda change: explainer.explain(encoded, *change), changes))
    assert all(map(same, sequential, concurrent))


def test_interventions_without_effect_give_identical_results(explainer: Explainer, encoded: Encoded) -> None:
    plain = explainer.explain(encoded)
    without_effect = (
        Intervention(),
        DropChannels([]),
        KeepChannels(range(CHANNELS)),
        Paint(torch.ones(CELLS, CELLS)),
        Rho(0.3, strength=0.0),
        ModulationOf(plain.modulation),
    )
    for change in without_effect:
        assert same(explainer.explain(encoded, change), plain), change
    assert same(explainer.explain(encoded, *without_effect), plain)


def test_dropping_channels_equals_keeping_all_others(explainer: Explainer, encoded: Encoded) -> None:
    dropped = explainer.explain(encoded, DropChannels([1, 2]))
    kept = explainer.explain(encoded, KeepChannels(set(range(CHANNELS)) - {1, 2}))
    assert same(dropped, kept)


def test_both_logits_lose_the_contribution_of_a_dropped_channel(explainer: Explainer, encoded: Encoded) -> None:
    plain, dropped = explainer.explain(encoded), explainer.explain(encoded, DropChannels(np.array([4])))
    for before, after in ((plain.gap, dropped.gap), (plain.gmp, dropped.gmp)):
        torch.testing.assert_close(after.logits, before.logits - before.contributions[:, 4])
        assert not after.contributions[:, 4].any()


@pytest.mark.parametrize("pooling", ["gap", "gmp"])
def test_one_pooling_attends_with_its_half_of_the_kernel(
    pooling: str, model: UGATIT, explainer: Explainer, encoded: Encoded
) -> None:
    attention = model.generator("square").attention
    half = dict(zip(("gap", "gmp"), attention.fuse.weight.chunk(2, dim=1), strict=True))[pooling]
    weighted = encoded.features * getattr(attention, pooling).weight[:, :, None, None]
    plain, only = explainer.explain(encoded), explainer.explain(encoded, OnlyPooling(pooling))
    torch.testing.assert_close(only.attended, attention.activation(conv2d(weighted, half, attention.fuse.bias)))
    assert torch.equal(only.cam_logits, plain.cam_logits)


def test_attention_off_keeps_signs_and_mean_size() -> None:
    weights = PoolingPair(torch.tensor([[1.0, -2.0, 0.0, 5.0]]), torch.tensor([[-4.0, 0.5, 0.5, 1.0]]))
    off = AttentionOff().on_weights(weights)
    assert off.gap.tolist() == [[2.0, -2.0, 0.0, 2.0]]
    assert off.gmp.tolist() == [[-1.5, 1.5, 1.5, 1.5]]


def test_paint_multiplies_the_map_cell_by_cell(explainer: Explainer, encoded: Encoded) -> None:
    mask = torch.rand(CELLS, CELLS, generator=torch.Generator().manual_seed(0)) * 3
    plain, painted = explainer.explain(encoded), explainer.explain(encoded, Paint(mask))
    torch.testing.assert_close(painted.attention_map, plain.attention_map * mask)
    assert not torch.equal(painted.modulation.gamma, plain.modulation.gamma)


def test_later_changes_of_the_array_do_not_change_a_mask() -> None:
    canvas = np.ones((CELLS, CELLS), np.float32)
    paint = Paint(canvas)
    canvas[:] = 0
    assert paint.mask.all()


def test_rho_moves_by_its_strength_in_all_layers_or_in_one(explainer: Explainer, encoded: Encoded) -> None:
    learned = explainer.explain(encoded).rho
    pulled = explainer.explain(encoded, Rho(0.5, strength=0.5)).rho
    one_layer = explainer.explain(encoded, Rho(0.0, layer="decoder.0.norm1")).rho
    assert (
        list(pulled)
        == list(learned)
        == [f"decoder.0.norm{n}" for n in (1, 2)] + [f"upsampling.{n}.norm" for n in (0, 1)]
    )
    for name, rho in learned.items():
        torch.testing.assert_close(pulled[name], (rho + 0.5) / 2)
        assert torch.equal(one_layer[name], torch.zeros_like(rho) if name == "decoder.0.norm1" else rho)


def test_forced_rho_equals_a_network_that_learned_it(explainer: Explainer, encoded: Encoded, model: UGATIT) -> None:
    learned = copy.deepcopy(model.generator("square"))
    with torch.no_grad():
        for rho in learned.rho().values():
            rho.fill_(0.25)
    forced = explainer.explain(encoded, Rho(0.25))
    assert torch.equal(forced.image, learned(encoded.pictures).image)


def test_modulation_of_another_picture_replaces_gamma_and_beta(explainer: Explainer, encoded: Encoded) -> None:
    other = explainer.explain(explainer.encode(pictures(1, seed=9)))
    borrowed = explainer.explain(encoded, ModulationOf(other.modulation))
    assert torch.equal(borrowed.modulation.gamma, other.modulation.gamma.expand(2, -1))
    assert torch.equal(borrowed.modulation.beta, other.modulation.beta.expand(2, -1))


def test_interventions_apply_in_the_order_given(explainer: Explainer, encoded: Encoded) -> None:
    last = explainer.explain(encoded, Rho(0.0), Rho(1.0, layer="decoder.0.norm1")).rho
    assert last["decoder.0.norm1"].eq(1).all()
    assert last["decoder.0.norm2"].eq(0).all()


@pytest.mark.parametrize("network", ["local", "global"])
@pytest.mark.parametrize("name", ["drop", "keep", "gap", "gmp", "off"])
def test_critics_respond_to_channels_and_weights(network: str, name: str, explainer: Explainer, model: UGATIT) -> None:
    encoded = explainer.encode(pictures(2, seed=1), network)
    before, weights = explainer.judge(encoded), copy.deepcopy(model.state_dict())
    changed = explainer.judge(encoded, intervention(name, explainer))
    assert not torch.equal(changed.patch_logits, before.patch_logits)
    assert torch.equal(explainer.judge(encoded).patch_logits, before.patch_logits)
    assert same_weights(model, weights)


@pytest.mark.parametrize("network", ["local", "global"])
def test_critics_score_the_painted_features(network: str, explainer: Explainer) -> None:
    encoded = explainer.encode(pictures(2, seed=1), network)
    before = explainer.judge(encoded)
    blank = torch.zeros(before.attention_map.shape[2:])
    painted = explainer.judge(encoded, Paint(blank))
    assert not painted.attention_map.any()
    assert not painted.patch_logits.any()  # the last convolution has no bias
    assert torch.equal(painted.cam_logits, before.cam_logits)


@pytest.mark.parametrize("change", [Rho(0.0), ModulationOf(Modulation(torch.ones(1, 16), torch.ones(1, 16)))])
def test_critics_refuse_interventions_on_the_decoder(change: Intervention, explainer: Explainer) -> None:
    encoded = explainer.encode(pictures(), "local")
    with pytest.raises(TranslationError, match=f"{type(change).__name__} changes what only the generator has"):
        explainer.judge(encoded, change)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DropChannels([-1]), "from 0 up, got -1"),
        (lambda: KeepChannels([1.5]), "got 1.5"),
        (lambda: DropChannels([True]), "got True"),
        (lambda: OnlyPooling("median"), "one of gap, gmp, got 'median'"),
        (lambda: Paint(torch.ones(8)), r"got the shape \(8,\)"),
        (lambda: Paint(torch.ones(0, 8)), r"got the shape \(0, 8\)"),
        (lambda: Paint(torch.full((8, 8), torch.nan)), "got nan"),
        (lambda: Paint(torch.full((8, 8), torch.inf)), "got inf"),
        (lambda: Paint(-torch.ones(8, 8)), "got -1.0"),
        (lambda: Rho(1.01), "rho lies between 0 and 1, got 1.01"),
        (lambda: Rho(-0.1), "got -0.1"),
        (lambda: Rho(float("nan")), "got nan"),
        (lambda: Rho("layer"), "got 'layer'"),
        (lambda: Rho(0.5, strength=2.0), "strength lies between 0 and 1, got 2.0"),
        (lambda: ModulationOf(Modulation(torch.full((1, 16), torch.nan), torch.ones(1, 16))), "gamma must be finite"),
    ],
)
def test_invalid_values_are_reported_by_the_constructor(make: Callable[[], Intervention], message: str) -> None:
    with pytest.raises(TranslationError, match=message):
        make()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (DropChannels([16]), "no channel 16: this network has 16, 0 to 15"),
        (KeepChannels([99]), "no channel 99"),
        (Paint(torch.ones(4, 8)), "mask has 4x8 cells, the attention map 8x8"),
        (Rho(0.5, layer="decoder.7.norm1"), "'decoder.7.norm1'; those with a rho: decoder.0.norm1"),
        (ModulationOf(Modulation(torch.ones(1, 8), torch.ones(1, 8))), r"shape \(1, 8\), this generator's \(2, 16\)"),
        (ModulationOf(Modulation(torch.ones(3, 16), torch.ones(3, 16))), r"shape \(3, 16\)"),
    ],
)
def test_interventions_that_do_not_fit_the_network_are_refused(
    change: Intervention, message: str, explainer: Explainer, encoded: Encoded
) -> None:
    with pytest.raises(TranslationError, match=message):
        explainer.explain(encoded, change)
