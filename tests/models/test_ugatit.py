"""U-GAT-IT's training steps: which networks run, which parameters get gradients, and that the losses fall."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import ROOT, SCENES, TINY, batch, pictures, tiny_model
from ugatit import losses
from ugatit.cli.main import main
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.inference.translator import load_translator
from ugatit.models.registry import MODELS
from ugatit.models.ugatit import UGATIT, UGATITLossWeights
from ugatit.training.learner import weighted

WEIGHTS = UGATITLossWeights().to_dict()


@pytest.fixture
def model() -> UGATIT:
    return tiny_model()


@pytest.fixture
def small_model() -> UGATIT:
    return tiny_model(blocks=0, ndf=2)


def total(terms: dict[str, Tensor]) -> Tensor:
    return torch.stack(list(weighted(terms, WEIGHTS).values())).sum()


def has_gradient(modules: dict[str, nn.Module]) -> dict[str, bool]:
    return {
        name: any(p.grad is not None and bool(p.grad.any()) for p in module.parameters())
        for name, module in modules.items()
    }


def test_no_network_runs_twice_in_a_step(model: UGATIT) -> None:
    calls: Counter[str] = Counter()
    for name, module in {**model.generator_modules(), **model.critic_modules()}.items():
        module.register_forward_hook(lambda *_, name=name: calls.update([name]))
    step = model.forward_step(batch())
    assert calls == {"generator_ab": 1, "generator_ba": 1}
    model.discriminator_terms(step)
    assert calls == {"generator_ab": 1, "generator_ba": 1, **dict.fromkeys(model.critic_modules(), 1)}
    model.generator_terms(step)
    assert calls == dict.fromkeys([*model.generator_modules(), *model.critic_modules()], 2)


def test_critics_step_reaches_no_generator(model: UGATIT) -> None:
    total(model.discriminator_terms(model.forward_step(batch()))).backward()
    assert not any(has_gradient(model.generator_modules()).values())
    assert all(has_gradient(model.critic_modules()).values())


def test_generators_step_reaches_no_frozen_critic(model: UGATIT) -> None:
    for critic in model.critic_modules().values():
        critic.requires_grad_(False)
    total(model.generator_terms(model.forward_step(batch()))).backward()
    assert all(has_gradient(model.generator_modules()).values())
    assert not any(has_gradient(model.critic_modules()).values())


def test_every_parameter_learns(model: UGATIT) -> None:
    step = model.forward_step(batch())
    total(model.discriminator_terms(step)).backward(retain_graph=True)
    total(model.generator_terms(step)).backward()
    assert not [name for name, parameter in model.named_parameters() if parameter.grad is None]


def test_terms_are_named_by_kind_network_and_domain(model: UGATIT) -> None:
    step = model.forward_step(batch())
    critic_terms, generator_terms = model.discriminator_terms(step), model.generator_terms(step)
    adversarial = {
        f"{kind}.{network}.{domain}"
        for kind in ("adversarial", "adversarial_cam")
        for network in ("local", "global")
        for domain in ("disc", "square")
    }
    assert set(critic_terms) == adversarial
    own = {f"{kind}.{domain}" for kind in ("cycle", "identity", "cam") for domain in ("disc", "square")}
    assert set(generator_terms) == adversarial | own
    assert all(term.shape == () for term in (*critic_terms.values(), *generator_terms.values()))


def test_weights_belong_to_kinds(model: UGATIT) -> None:
    terms = model.generator_terms(model.forward_step(batch()))
    products = weighted(terms, {**WEIGHTS, "cycle": 7.0, "adversarial": 0.0})
    assert list(products) == list(terms)
    torch.testing.assert_close(products["cycle.disc"], 7 * terms["cycle.disc"])
    torch.testing.assert_close(products["cam.square"], 1000 * terms["cam.square"])
    assert products["adversarial.local.disc"] == 0


def test_weights_are_applied_in_one_place() -> None:
    users = {file.name for file in (ROOT / "ugatit").rglob("*.py") if "term * " in file.read_text()}
    assert users == {"learner.py"}


def test_terms_are_the_published_ones_computed_one_by_one(model: UGATIT) -> None:
    """Each picture and each network alone: no batching, no reuse."""
    model.eval()
    photos = batch(1)
    step = model.forward_step(photos)
    critic_terms, generator_terms = model.discriminator_terms(step), model.generator_terms(step)
    expected = {}
    for to, source in (("disc", "square"), ("square", "disc")):
        translation, same = model.translate(photos[source], to), model.translate(photos[to], to)
        back = model.translate(translation.image, source).image
        expected[f"cycle.{source}"] = losses.cycle(back, photos[source])
        expected[f"identity.{to}"] = losses.identity(same.image, photos[to])
        expected[f"cam.{to}"] = losses.cam(translation.cam_logits, same.cam_logits)
        for name, critic in model.critics(to).items():
            real, fake = critic(photos[to]), critic(translation.image)
            for kind, field in (("adversarial", "patch_logits"), ("adversarial_cam", "cam_logits")):
                on_real, on_fake = getattr(real, field), getattr(fake, field)
                expected[f"{kind}.{name}.{to}"] = losses.lsgan(on_fake, True)
                torch.testing.assert_close(
                    critic_terms[f"{kind}.{name}.{to}"], losses.lsgan(on_real, True) + losses.lsgan(on_fake, False)
                )
    for name, term in generator_terms.items():
        torch.testing.assert_close(term, expected.pop(name), rtol=1e-4, atol=1e-5)
    assert not expected


def assert_loss_falls(
    compute: Callable[[], Tensor], parameters: Iterator[nn.Parameter], after_step: Callable[[], None] = lambda: None
) -> None:
    optimizer = torch.optim.Adam(parameters, lr=3e-3)
    values = []
    for _ in range(8):
        loss = compute()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after_step()
        values.append(loss.item())
    assert values[-1] < 0.9 * values[0]


def test_critics_loss_falls_with_frozen_generators(small_model: UGATIT) -> None:
    step = small_model.forward_step(batch(1))
    assert_loss_falls(lambda: total(small_model.discriminator_terms(step)), small_model.critic_parameters())


def test_generators_loss_falls_with_frozen_critics(small_model: UGATIT) -> None:
    for critic in small_model.critic_modules().values():
        critic.requires_grad_(False).eval()
    assert_loss_falls(
        lambda: total(small_model.generator_terms(small_model.forward_step(batch(1)))),
        small_model.generator_parameters(),
        small_model.after_generator_step,
    )


def test_rho_is_clamped_after_a_generator_step(model: UGATIT) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("rho"):
                parameter.fill_(1.7 if "decoder" in name else -0.3)
    model.after_generator_step()
    for name, share in model.mixing().items():
        assert torch.equal(share, torch.full_like(share, 1.0 if "decoder" in name else 0.0))


def test_mixing_names_every_layer_with_a_rho(model: UGATIT) -> None:
    mixing = model.mixing()
    # Two norms in the decoder block and one in each of the two upsampling blocks, in both generators.
    assert len(mixing) == 2 * (2 + 2)
    assert all(not share.requires_grad for share in mixing.values())


@pytest.mark.parametrize("method", ["critics", "attention_grids", "translate"])
def test_unknown_target_is_named_with_the_known_ones(method: str, model: UGATIT) -> None:
    pictures_first = (pictures(1),) if method == "translate" else ()
    with pytest.raises(TranslationError, match="cannot translate to 'horse'; it can to: disc, square"):
        getattr(model, method)(*pictures_first, "horse")


def test_each_target_has_its_own_networks(model: UGATIT) -> None:
    assert model.generator("square") is model.generator_ab
    assert model.generator("disc") is model.generator_ba
    assert model.critics("disc") == {"local": model.local_a, "global": model.global_a}
    assert model.critics("square") == {"local": model.local_b, "global": model.global_b}
    assert model.origin_of("square") == model.sample_target("square") == "disc"


@pytest.mark.parametrize("name", MODELS)
def test_registry_lists_models_by_their_own_name(name: str) -> None:
    assert MODELS[name].name == name


def test_without_attention_there_are_no_maps_and_no_terms_of_it() -> None:
    model = tiny_model(attention=False)
    step = model.forward_step(batch())
    terms = [*model.discriminator_terms(step), *model.generator_terms(step)]
    assert {name.partition(".")[0] for name in terms} == {"adversarial", "cycle", "identity"}
    output = model.translate(pictures(), "square")
    assert output.attention_map is None
    assert output.cam_logits is None
    assert model.attention_grids("square") == {}
    assert all(critic(output.image).attention_map is None for critic in model.critics("square").values())
    assert not any("attention" in name for name in model.state_dict())


@pytest.mark.slow
def test_model_without_attention_is_trained_loaded_and_used_like_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    options = ["train", *SCENES, *TINY, "--steps", "1"]
    assert main([*options, "--no-attention", "--run", str(run)]) == 0
    translation = load_translator(run)(scene("disc", 1, 32)[0], to="square")
    assert {name: one.values for name, one in translation.attention.items()} == {"local": None, "global": None}
    capsys.readouterr()
    assert main([*options, "--run", str(tmp_path / "next"), "--start-from", str(run), "--attention"]) == 2
    message = capsys.readouterr().err
    assert "--no-attention" in message
    assert message.count("\n") == 1
