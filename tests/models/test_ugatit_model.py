"""U-GAT-IT's steps: what is computed how often, what learns from what, and that learning lowers its loss."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import batch, pictures, refused, tiny_model, train
from ugatit import losses
from ugatit.config import LossWeights
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.inference.translator import load_translator
from ugatit.models import MODELS, UGATIT
from ugatit.training.trainer import weigh

WEIGHTS = LossWeights()


def fast_model() -> UGATIT:
    return tiny_model(blocks=0, ndf=2)


def total(terms: dict[str, Tensor]) -> Tensor:
    return torch.stack(list(weigh(terms, WEIGHTS).values())).sum()


def count_calls(model: UGATIT) -> Counter[str]:
    calls: Counter[str] = Counter()
    for name, module in {**model.generator_modules(), **model.critic_modules()}.items():
        module.register_forward_hook(lambda *_, name=name: calls.update([name]))
    return calls


def has_gradient(modules: dict[str, nn.Module]) -> dict[str, bool]:
    return {
        name: any(p.grad is not None and bool(p.grad.any()) for p in module.parameters())
        for name, module in modules.items()
    }


def test_nothing_is_computed_twice() -> None:
    model = tiny_model()
    calls = count_calls(model)
    step = model.forward_step(batch())
    assert calls == {"generator_ab": 1, "generator_ba": 1}
    model.discriminator_terms(step)
    assert calls == {"generator_ab": 1, "generator_ba": 1, **dict.fromkeys(model.critic_modules(), 1)}
    model.generator_terms(step)
    assert calls == dict.fromkeys([*model.generator_modules(), *model.critic_modules()], 2)


def test_critics_step_reaches_no_generator() -> None:
    model = tiny_model()
    total(model.discriminator_terms(model.forward_step(batch()))).backward()
    assert not any(has_gradient(model.generator_modules()).values())
    assert all(has_gradient(model.critic_modules()).values())


def test_generators_step_reaches_no_frozen_critic() -> None:
    model = tiny_model()
    for critic in model.critic_modules().values():
        critic.requires_grad_(False)
    total(model.generator_terms(model.forward_step(batch()))).backward()
    assert all(has_gradient(model.generator_modules()).values())
    assert not any(has_gradient(model.critic_modules()).values())


def test_every_parameter_learns() -> None:
    model = tiny_model()
    step = model.forward_step(batch())
    total(model.discriminator_terms(step)).backward(retain_graph=True)
    total(model.generator_terms(step)).backward()
    still = [name for name, parameter in model.named_parameters() if parameter.grad is None]
    assert not still


def test_terms_are_named_by_kind_network_and_domain() -> None:
    model = tiny_model()
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


def test_weights_belong_to_kinds() -> None:
    model = tiny_model()
    terms = model.generator_terms(model.forward_step(batch()))
    weighted = weigh(terms, replace(WEIGHTS, cycle=7.0, adversarial=0.0))
    assert list(weighted) == list(terms)
    torch.testing.assert_close(weighted["cycle.disc"], 7 * terms["cycle.disc"])
    torch.testing.assert_close(weighted["cam.square"], 1000 * terms["cam.square"])
    assert weighted["adversarial.local.disc"] == 0


def test_weights_are_applied_in_one_place() -> None:
    package = Path(__file__).parents[2] / "ugatit"
    users = {file.name for file in package.rglob("*.py") if "getattr(weights" in file.read_text()}
    assert users == {"learner.py"}


def test_terms_are_the_published_ones_computed_one_by_one() -> None:
    """Each picture alone, each network asked for each thing: no batching, no reuse."""
    model = tiny_model().eval()
    photos = batch(1)
    step = model.forward_step(photos)
    critic_terms, generator_terms = model.discriminator_terms(step), model.generator_terms(step)
    expected = {}
    for to, source in (("disc", "square"), ("square", "disc")):
        there, same = model.translate(photos[source], to), model.translate(photos[to], to)
        back = model.translate(there.image, source).image
        expected[f"cycle.{source}"] = losses.cycle(back, photos[source])
        expected[f"identity.{to}"] = losses.identity(same.image, photos[to])
        expected[f"cam.{to}"] = losses.cam(there.cam_logits, same.cam_logits)
        for name, critic in model.critics(to).items():
            real, fake = critic(photos[to]), critic(there.image)
            for kind, field in (("adversarial", "patch_logits"), ("adversarial_cam", "cam_logits")):
                on_real, on_fake = getattr(real, field), getattr(fake, field)
                expected[f"{kind}.{name}.{to}"] = losses.lsgan(on_fake, True)
                torch.testing.assert_close(
                    critic_terms[f"{kind}.{name}.{to}"], losses.lsgan(on_real, True) + losses.lsgan(on_fake, False)
                )
    for name, term in generator_terms.items():
        torch.testing.assert_close(term, expected.pop(name), rtol=1e-4, atol=1e-5)
    assert not expected


def test_critics_loss_falls_with_frozen_generators() -> None:
    model, photos = fast_model(), batch(1)
    optimizer = torch.optim.Adam(model.critic_parameters(), lr=3e-3)
    step = model.forward_step(photos)
    values = []
    for _ in range(8):
        loss = total(model.discriminator_terms(step))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    assert values[-1] < 0.9 * values[0]


def test_generators_loss_falls_with_frozen_critics() -> None:
    model, photos = fast_model(), batch(1)
    for critic in model.critic_modules().values():
        critic.requires_grad_(False).eval()
    optimizer = torch.optim.Adam(model.generator_parameters(), lr=3e-3)
    values = []
    for _ in range(8):
        loss = total(model.generator_terms(model.forward_step(photos)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.after_generator_step()
        values.append(loss.item())
    assert values[-1] < 0.9 * values[0]


def test_rho_is_clamped_after_a_generator_step() -> None:
    model = tiny_model()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("rho"):
                parameter.fill_(1.7 if "decoder" in name else -0.3)
    model.after_generator_step()
    for name, share in model.mixing().items():
        assert torch.equal(share, torch.full_like(share, 1.0 if "decoder" in name else 0.0))


def test_mixing_names_every_layer_that_mixes() -> None:
    mixing = tiny_model().mixing()
    # Two norms a decoder block, and one each of the two upsamplings, in both generators.
    assert len(mixing) == 2 * (2 + 2)
    assert all(not share.requires_grad for share in mixing.values())


def test_unknown_target_is_named_with_those_there_are() -> None:
    model = tiny_model()
    for ask in (model.critics, model.attention_grids, lambda to: model.translate(pictures(1), to)):
        with pytest.raises(TranslationError, match="cannot translate to 'horse'; it can to: disc, square"):
            ask("horse")


def test_each_target_has_its_own_networks() -> None:
    model = tiny_model()
    assert model.generator("square") is model.generator_ab
    assert model.generator("disc") is model.generator_ba
    assert model.critics("disc") == {"local": model.local_a, "global": model.global_a}
    assert model.critics("square") == {"local": model.local_b, "global": model.global_b}
    assert model.other("square") == "disc"


@pytest.mark.parametrize("name", MODELS)
def test_registry_knows_models_by_their_own_name(name: str) -> None:
    assert MODELS[name].name == name


def test_without_attention_there_are_no_maps_and_no_terms_of_it() -> None:
    model = tiny_model(attention=False)
    step = model.forward_step(batch())
    kinds = {
        name.partition(".")[0]
        for terms in (model.discriminator_terms(step), model.generator_terms(step))
        for name in terms
    }
    assert kinds == {"adversarial", "cycle", "identity"}
    output = model.translate(pictures(), "square")
    assert output.attention_map is None
    assert output.cam_logits is None
    assert model.attention_grids("square") == {}
    assert all(critic(output.image).attention_map is None for critic in model.critics("square").values())
    assert not any("attention" in name for name in model.state_dict())


def test_model_without_attention_is_translated_trained_and_kept_like_any(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert train(run, "--no-attention", "--steps", 1).returncode == 0
    translation = load_translator(run)(scene("disc", 1, 32)[0], to="square")
    assert translation.attention == {}
    assert "--no-attention" in refused(train(tmp_path / "next", "--start-from", run, "--attention", "--steps", 1))
