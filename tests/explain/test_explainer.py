"""Explanations: their sums for all networks and several models, and their equality with the model's own outputs."""

import copy
from collections.abc import Callable
from dataclasses import fields

import pytest
import torch
from torch import Tensor

from tests.attentive_toy import AttentiveToy
from tests.tiny import pictures, tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.data.scenes import scene
from ugatit.errors import ConfigError, PictureError, TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.results import Explanation
from ugatit.inference.translator import Translator
from ugatit.models import UGATIT, TranslationModel

SEEDS = range(6)
NETWORKS = ("generator", "local", "global")


def perturbed_model(seed: int, **changes: object) -> UGATIT:
    """A random model in eval mode with updated spectral norms, and rho that differ by channel."""
    model = tiny_model(seed, **changes)
    for to in model.domains:
        for critic in model.critics(to).values():
            critic(pictures(seed=seed))
        for rho in model.generator(to).rho().values():
            rho.uniform_()
    return model.eval()


def explained(seed: int, network: str) -> tuple[Explanation, UGATIT, Tensor]:
    model, photos = perturbed_model(seed), pictures(3, seed=seed + 100)
    explainer = Explainer(model, "square")
    encoded = explainer.encode(photos, network)
    explain = explainer.explain if network == "generator" else explainer.judge
    return explain(encoded), model, photos


@pytest.fixture(scope="module", params=[(seed, network) for seed in SEEDS for network in NETWORKS], ids=str)
def explanation(request: pytest.FixtureRequest) -> Explanation:
    return explained(*request.param)[0]


def test_contributions_are_pooled_times_weight_and_sum_to_the_logit(explanation: Explanation) -> None:
    for column, pooling in enumerate((explanation.gap, explanation.gmp)):
        torch.testing.assert_close(pooling.contributions, pooling.pooled * pooling.weights)
        torch.testing.assert_close(pooling.contributions.sum(1), pooling.logits, rtol=1e-4, atol=1e-6)
        assert torch.equal(pooling.logits, explanation.cam_logits[:, column])


def test_pooled_values_are_the_features_average_and_maximum(explanation: Explanation) -> None:
    torch.testing.assert_close(explanation.gap.pooled, explanation.features.flatten(2).mean(2))
    assert torch.equal(explanation.gmp.pooled, explanation.features.flatten(2).max(2).values)


def test_evidence_is_signed_and_its_mean_is_the_gap_logit(explanation: Explanation) -> None:
    mean = explanation.gap.evidence.mean(dim=(1, 2, 3))
    torch.testing.assert_close(mean, explanation.gap.logits, rtol=1e-4, atol=1e-6)
    for pooling in (explanation.gap, explanation.gmp):
        by_hand = (explanation.features * pooling.weights[:, None, None]).sum(1, keepdim=True)
        torch.testing.assert_close(pooling.evidence, by_hand, rtol=1e-4, atol=1e-6)


def test_attention_map_is_the_sum_of_the_attended_features(explanation: Explanation) -> None:
    torch.testing.assert_close(explanation.attention_map, explanation.attended.sum(1, keepdim=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("keep_colors", [True, False])
def test_generators_explanation_equals_the_translation_bit_for_bit(seed: int, light: bool, keep_colors: bool) -> None:
    model, photos = perturbed_model(seed, light=light, keep_colors=keep_colors), pictures(2, seed=seed)
    for to in model.domains:
        explainer = Explainer(model, to)
        explanation, output = explainer.explain(explainer.encode(photos)), model.translate(photos, to)
        for name in ("image", "cam_logits", "attention_map"):
            assert torch.equal(getattr(explanation, name), getattr(output, name)), name


@pytest.mark.parametrize("network", ["local", "global"])
@pytest.mark.parametrize("seed", SEEDS)
def test_critics_explanation_equals_the_critics_output_bit_for_bit(seed: int, network: str) -> None:
    explanation, model, photos = explained(seed, network)
    output = model.critics("square")[network](photos)
    for name in ("patch_logits", "cam_logits", "attention_map"):
        assert torch.equal(getattr(explanation, name), getattr(output, name)), name


@pytest.mark.parametrize("network", ["local", "global"])
def test_critics_logits_use_the_normalised_weight_and_features_the_plain_one(network: str) -> None:
    explanation, model, _ = explained(0, network)
    attention = model.critics("square")[network].attention
    for pooling, layer in ((explanation.gap, attention.gap), (explanation.gmp, attention.gmp)):
        assert torch.equal(pooling.attention_weights, layer.weight[0])
        torch.testing.assert_close(
            pooling.weights, layer.weight[0] / torch.linalg.norm(layer.weight), rtol=1e-3, atol=0
        )


def test_modulation_and_rho_equal_those_of_the_generator() -> None:
    model, photos = perturbed_model(1), pictures(2)
    explainer = Explainer(model, "square")
    encoded = explainer.encode(photos)
    explanation = explainer.explain(encoded)
    gamma, beta = model.generator("square").modulation(explanation.attended)
    assert torch.equal(explanation.modulation.gamma, gamma)
    assert torch.equal(explanation.modulation.beta, beta)
    assert torch.equal(explainer.modulation(encoded).beta, beta)
    mixing = {f"generator_ab.{name}": rho for name, rho in explanation.rho.items()}
    expected = {name: rho for name, rho in model.mixing().items() if name.startswith("generator_ab")}
    assert mixing.keys() == expected.keys()
    assert all(torch.equal(mixing[name], expected[name]) for name in mixing)


@pytest.mark.parametrize("network", NETWORKS)
def test_explanation_shares_no_memory_with_the_network(network: str) -> None:
    explanation, model, _ = explained(2, network)
    weights = copy.deepcopy(model.state_dict())
    poolings = (explanation.gap, explanation.gmp)
    values = [getattr(pooling, field.name) for pooling in poolings for field in fields(pooling)]
    for value in (*values, *getattr(explanation, "rho", {}).values()):
        assert not value.requires_grad
        value.zero_()
    assert all(torch.equal(value, weights[key]) for key, value in model.state_dict().items())


def test_verdict_is_the_mean_of_both_logits() -> None:
    model, photos = perturbed_model(0), pictures(3)
    verdict = Explainer(model, "disc").verdict(photos)
    torch.testing.assert_close(verdict, model.translate(photos, "disc").cam_logits.mean(1))


def test_encoder_runs_once_for_any_number_of_explanations(monkeypatch: pytest.MonkeyPatch) -> None:
    model, photos = perturbed_model(0), pictures(1)
    generator, runs = model.generator("square"), []
    encode = generator.encode
    monkeypatch.setattr(generator, "encode", lambda picture: runs.append(1) or encode(picture))
    explainer = Explainer(model, "square")
    encoded = explainer.encode(photos)
    for _ in range(3):
        explainer.explain(encoded)
    assert len(runs) == 1


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_explanation_of_a_picture_matches_the_translators_attention(precision: str) -> None:
    model = perturbed_model(0)
    picture, _ = scene("disc", 7, 48)
    translation = Translator(model, torch.device("cpu"), precision)(picture, "square")
    explainer = Explainer(model, "square", precision)
    explanation = explainer.explain(explainer.encode(explainer.tensor(explainer.fit(picture))))
    expected = translation.attention["generator"].values
    tolerance = 1e-5 if precision == "fp32" else 2e-2
    assert abs(explanation.attention_map[0, 0].numpy() - expected).max() <= tolerance * abs(expected).max()
    assert explainer.networks == NETWORKS
    assert set(explainer.grids) == set(NETWORKS)


@pytest.mark.parametrize(
    ("model", "to", "precision", "error", "message"),
    [
        (
            tiny_model(attention=False).eval(),
            "square",
            "fp32",
            TranslationError,
            "This ugatit model has no CAM attention",
        ),
        (
            Toy(ToyConfig()).eval(),
            "B",
            "fp32",
            TranslationError,
            "This toy model has no CAM attention to explain",
        ),
        (tiny_model().train(), "square", "fp32", TranslationError, r"call model\.eval\(\)"),
        (tiny_model().eval(), "clay", "fp32", TranslationError, "'clay'; it can to: disc, square"),
        (tiny_model().eval(), "square", "auto", ConfigError, "fp32 or bf16, got 'auto'"),
    ],
    ids=["no attention", "another model", "training mode", "unknown domain", "unknown precision"],
)
def test_models_domains_and_precisions_that_cannot_be_explained_are_refused(
    model: TranslationModel, to: str, precision: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Explainer(model, to, precision)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda e: e.encode(pictures(), "patch"), "no network 'patch' to explain; there are: generator, local, global"),
        (lambda e: e.encode(torch.zeros(3, 32, 32)), r"got the shape \(3, 32, 32\)"),
        (lambda e: e.encode(torch.zeros(1, 4, 32, 32)), r"got the shape \(1, 4, 32, 32\)"),
        (lambda e: e.encode(torch.full((1, 3, 32, 32), torch.nan)), "NaN"),
        (lambda e: e.explain(e.encode(pictures(), "local")), "local critic's features"),
        (lambda e: e.judge(e.encode(pictures())), "the generator's features"),
        (lambda e: e.explain(Explainer(perturbed_model(0), "disc").encode(pictures())), "'disc'.*'square'"),
    ],
)
def test_wrong_arguments_are_reported(call: Callable[[Explainer], object], message: str) -> None:
    with pytest.raises(TranslationError, match=message):
        call(Explainer(perturbed_model(0), "square"))


@pytest.mark.parametrize("network", NETWORKS)
def test_pictures_that_are_too_small_raise_the_networks_error(network: str) -> None:
    with pytest.raises(PictureError, match="4x4"):
        Explainer(perturbed_model(0), "square").encode(torch.zeros(1, 3, 4, 4), network)


def test_patch_grids_equal_those_of_the_critics() -> None:
    model = perturbed_model(0)
    grids = Explainer(model, "square").patch_grids
    assert grids == {name: critic.patch_grid() for name, critic in model.critics("square").items()}
    assert grids["local"].field < grids["global"].field


def test_networks_of_another_model_with_attention_are_explained() -> None:
    model = AttentiveToy(ToyConfig()).eval()
    explainer = Explainer(model, "C")
    assert explainer.networks == ("generator", "small", "large")
    with torch.no_grad():
        translated = model.translate(pictures(), "C")
        judged = model.critics("C")["large"](translated.image)
    explanation = explainer.explain(explainer.encode(pictures()))
    torch.testing.assert_close(explanation.image, translated.image)
    verdict = explainer.judge(explainer.encode(explanation.image, "large"))
    torch.testing.assert_close(verdict.attention_map, judged.attention_map)
    torch.testing.assert_close(verdict.patch_logits, judged.patch_logits)
