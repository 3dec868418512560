"""pix2pix: its terms, noise and statistics; from pairs of pictures and the command line to a translated picture."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import pictures
from ugatit import load_model, load_translator, losses
from ugatit.cli.main import main
from ugatit.config import TrainingConfig
from ugatit.data.scenes import scene
from ugatit.errors import ConfigError, TranslationError
from ugatit.models.pix2pix import Pix2Pix
from ugatit.models.pix2pix_config import PRESETS, Pix2PixConfig
from ugatit.training.learner import Learner
from ugatit.training.run_settings import settings_from_preset

SIZE = 64
TINY = ["--model", "pix2pix", "--image-size", str(SIZE), "--ngf", "2", "--ndf", "2", "--layers", "1", "--device", "cpu"]


def tiny_model(**changes: object) -> Pix2Pix:
    torch.manual_seed(0)
    values = {"domains": ("lines", "color"), "image_size": SIZE, "ngf": 2, "ndf": 2, "layers": 1}
    model = Pix2Pix(Pix2PixConfig(**{**values, **changes}))
    model.init_weights()
    return model


def batch(count: int = 1) -> dict[str, torch.Tensor]:
    return {"lines": pictures(count, SIZE, seed=1), "color": pictures(count, SIZE, seed=2)}


def learner(model: Pix2Pix, **changes: object) -> Learner:
    values = {"precision": "fp32", "weight_decay": 0.0, "ema": 0.0, **changes}
    return Learner(model, TrainingConfig(**values), torch.device("cpu"))


def pair_folders(root: Path, count: int = 4) -> Path:
    """Write grey discs into A and the coloured ones into B, under equal names; return `root`."""
    for side in "AB":
        (root / side).mkdir(parents=True)
    for seed in range(count):
        picture = scene("disc", seed, SIZE)[0]
        picture.convert("L").convert("RGB").save(root / "A" / f"{seed}.png")
        picture.save(root / "B" / f"{seed}.png")
    return root


def test_paper_has_the_published_hyper_parameters() -> None:
    paper = settings_from_preset(Pix2Pix, PRESETS["paper"], {"sources": ("somewhere",)})
    network, training = paper.network, paper.training
    assert (network.image_size, network.levels, network.ngf, network.ndf, network.layers) == (256, 8, 64, 64, 3)
    assert (network.norm, network.gan_loss, network.noise) == ("batch", "cross-entropy", True)
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (2e-4, 0.5, 0.999, 0)
    assert (training.batch_size, training.ema) == (1, 0)
    assert training.weights == {"adversarial": 1, "l1": 100, "critic": 0.5}
    assert (paper.data.margin, paper.data.flip, paper.paired) == (30 / 256, True, True)


@pytest.mark.parametrize(("size", "levels"), [(64, 6), (96, 5), (128, 7), (256, 8), (512, 8)])
def test_levels_are_those_that_the_size_allows(size: int, levels: int) -> None:
    assert Pix2PixConfig(image_size=size).levels == levels


def test_terms_are_the_papers() -> None:
    model = tiny_model()
    step = model.forward_step(model.drawn(batch(2), torch.Generator().manual_seed(0)))
    critics, generators = model.discriminator_terms(step), model.generator_terms(step)
    critic, source, target = model.critics("color")["patch"], step.source, step.target
    on_fake, on_real = (critic(source, one, "batch").patch_logits for one in (step.fake, target))
    expected = {
        "critic.fake": -torch.log(1 - on_fake.sigmoid()).mean(),
        "critic.real": -torch.log(on_real.sigmoid()).mean(),
        "adversarial.patch": -torch.log(on_fake.sigmoid()).mean(),
        "l1": (step.fake - target).abs().mean(),
    }
    terms = {**critics, **generators}
    assert terms.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(terms[name], value)
    least_squares = tiny_model(gan_loss="least-squares")
    torch.testing.assert_close(
        least_squares.discriminator_terms(step)["critic.fake"],
        losses.lsgan(least_squares.critic(source, step.fake, "batch").patch_logits, False),
    )


@pytest.mark.parametrize(
    ("generator", "norm", "channels"),
    [("unet", "batch", 3), ("unet", "instance", 3), ("unet", "batch", 1), ("resnet", "batch", 1)],
)
def test_training_on_a_fixed_batch_lowers_its_losses(generator: str, norm: str, channels: int) -> None:
    model = tiny_model(generator=generator, blocks=1, norm=norm, inputs=channels, outputs=channels)
    training = learner(model, batch_size=2)
    totals, verdicts = [], []
    for step in range(10):
        critics, generators = training.update(batch(2), step, 2e-3)
        totals.append(float(generators["l1"]))
        verdicts.append(float(critics["critic.real"] + critics["critic.fake"]))
    assert totals[-1] < totals[0]
    assert min(verdicts) < verdicts[0]


def test_the_critic_is_updated_first_with_half_its_loss() -> None:
    model, pairs = tiny_model(noise=False), batch()
    step = model.forward_step(pairs)
    terms = model.discriminator_terms(step)
    (sum(terms.values()) / 2).backward()
    expected = {name: p.grad.clone() for name, p in model.critic.named_parameters()}
    model.zero_grad()
    training = learner(model)
    seen = {}
    update = training._optimizer_step

    def spy(optimizer: object, rate: float) -> None:
        if not seen:
            seen.update({name: p.grad.clone() for name, p in model.critic.named_parameters()})
        update(optimizer, rate)

    training._optimizer_step = spy
    training.update(pairs, 0, 1e-3)
    for name, gradient in expected.items():
        torch.testing.assert_close(seen[name], gradient)


def test_noise_of_a_step_follows_from_seed_and_step() -> None:
    def update(step: int, seed: int = 0) -> float:
        return float(learner(tiny_model(), seed=seed).update(batch(), step, 1e-3)[1]["l1"])

    torch.manual_seed(5)
    first = update(3)
    torch.manual_seed(6)
    assert update(3) == first
    assert len({first, update(4), update(3, seed=1)}) == 3


@torch.inference_mode()
def test_translations_are_the_same_in_a_batch_and_alone_with_one_mask_of_the_seed() -> None:
    model, photos = tiny_model().eval(), pictures(3, SIZE)
    for parameter in model.parameters():  # the first weights hardly show the noise
        parameter.mul_(5 if parameter.dim() > 1 else 1)
    together = model.translate(photos, "color").image
    alone = torch.cat([model.translate(photo[None], "color").image for photo in photos])
    assert (together - alone).abs().max() < 1e-5
    assert torch.equal(model.translate(photos, "color", seed=0).image, together)
    for changed in ({"seed": 1}, {"noise": False}, {"statistics": "running"}):
        assert not torch.equal(model.translate(photos, "color", **changed).image, together)
    torch.testing.assert_close(model.encode(photos, "color"), model.translate(photos, "color").features)
    assert model.encode(photos, "color").shape[1] == model.feature_channels


def test_only_the_other_side_can_be_made_and_grey_pictures_come_out_in_three_channels() -> None:
    model = tiny_model(direction="BtoA", outputs=1, inputs=1)
    assert (model.source, model.targets, model.origin_of("lines")) == ("color", ("lines",), "color")
    image = model.translate(pictures(1, SIZE), "lines").image
    assert image.shape == (1, 3, SIZE, SIZE)
    assert torch.equal(image[:, 0], image[:, 2])
    assert model.judge(pictures(1, SIZE), image, "lines")["patch"].patch_logits.shape[1] == 1
    with pytest.raises(TranslationError, match="cannot translate to 'color'; it can to: lines"):
        model.translate(pictures(1, SIZE), "color")


def test_a_resnet_takes_any_size_that_its_critic_takes_and_returns_no_features() -> None:
    model = tiny_model(generator="resnet", blocks=1, layers=3)
    rule = model.canvas_rule()
    assert (rule.multiple, rule.min_side, rule.square) == (4, 24, None)
    assert (model.feature_channels, model.translate(pictures(1, 24), "color").features) == (0, None)
    with pytest.raises(TranslationError, match="do not return their features"):
        model.encode(pictures(1, 24), "color")


def test_impossible_settings_are_refused() -> None:
    for settings, message in (
        ({"gan_loss": "hinge"}, "gan_loss must be least-squares or cross-entropy"),
        ({"direction": "B2A"}, "direction must be AtoB or BtoA, got 'B2A'"),
        ({"generator": "vit"}, "generator must be resnet or unet, got 'vit'"),
        ({"generator": "resnet", "levels": 5}, "levels must be 0 or 2 for a resnet, got 5"),
        ({"inputs": 2}, "inputs must be 1 or 3 channels, got 2"),
        ({"image_size": 100}, "image_size must be a multiple of 32 for 5 levels, got 100"),
        ({"domains": ("a", "a")}, "domains must be two different names"),
    ):
        with pytest.raises(ConfigError, match=message):
            Pix2PixConfig(**settings)
    with pytest.raises(ConfigError, match="set --layers lower"):
        Pix2Pix.check_config(Pix2PixConfig(image_size=64, layers=5))


def test_weights_are_taken_over_and_a_critic_of_another_shape_starts_anew() -> None:
    old, same, deeper = tiny_model(), tiny_model(), tiny_model(layers=2)
    with torch.no_grad():
        old.generator.encoder[0].conv.weight.add_(1)
    assert same.copy_weights(old) == []
    assert all(torch.equal(value, old.state_dict()[name]) for name, value in same.state_dict().items())
    assert deeper.copy_weights(old) == ["The critic starts anew: the weights have none of this shape."]
    assert torch.equal(deeper.generator.encoder[0].conv.weight, old.generator.encoder[0].conv.weight)


def test_pairs_are_trained_on_translated_and_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs, run = pair_folders(tmp_path / "pairs"), tmp_path / "run"
    options = ["--data", str(pairs), *TINY, "--steps", "2", "--ema", "0.9"]
    assert main(["train", *options, "--sample-every", "2", "--run", str(run)]) == 0

    model = load_model(run, "cpu")
    assert (model.domains, model.targets) == (("A", "B"), ("B",))
    out = tmp_path / "out"
    picture = pairs / "A" / "0.png"
    assert (
        main(["translate", "--weights", str(run), "--to", "B", "--input", str(picture), "--output", str(out), "--maps"])
        == 0
    )
    with Image.open(out / "0.png") as translated:
        assert translated.size == (SIZE, SIZE)
    with np.load(out / "0.npz") as maps:
        assert {name: maps[name].shape for name in maps} == {"patch": (30, 30)}
    capsys.readouterr()
    sides = [str(pairs / side) for side in "AB"]
    measured = ["evaluate", "--weights", str(run), "--to", "B", "--input", sides[0], "--target", sides[1], "--paired"]
    assert main([*measured, "--device", "cpu"]) == 0
    assert json.loads(capsys.readouterr().out)["paired"]["pairs"] == 4
    assert main(["translate", "--weights", str(run), "--to", "A", "--input", str(picture), "--output", str(out)]) == 2
    assert "it can to: B" in capsys.readouterr().err


def test_the_patch_map_is_that_of_the_translation_beside_its_source(tmp_path: Path) -> None:
    model = tiny_model()
    model.save_pretrained(tmp_path / "weights")
    translator = load_translator(tmp_path / "weights", "cpu", "fp32")
    picture = scene("disc", 3, SIZE)[0]
    result = translator(picture, to="color")
    assert list(result.attention) == ["patch"]
    patches = result.attention["patch"]
    assert (patches.values, patches.over) == (None, "translation")
    source = torch.from_numpy(np.asarray(picture)).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.inference_mode():
        image = translator.model.translate(source, "color").image
        scores = translator.model.critics("color")["patch"](source, image).patch_logits
    np.testing.assert_allclose(patches.patch_logits, scores[0, 0], atol=1e-5)


def test_wrong_data_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "single").mkdir()
    scene("disc", 0, SIZE)[0].save(tmp_path / "single" / "0.png")
    for options, message in (
        (["--domain-a", "scenes:disc", "--domain-b", "scenes:square"], "A pix2pix run takes --data; got --domain-a"),
        ([], "--data is needed to start a run"),
        (["--data", str(tmp_path / "single")], "has 0 pairs to train on"),
        (["--data", "scenes:disc"], "scenes:disc"),
    ):
        assert main(["train", *options, *TINY, "--run", str(tmp_path / "run")]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_drawn_faces_are_trained_on_as_lines_and_color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path / "cache"))
    run = tmp_path / "run"
    options = ["--data", "faces:adventurer,count=4", *TINY, "--steps", "1", "--run", str(run)]
    assert main(["train", *options]) == 0
    model = load_model(run, "cpu")
    assert (model.domains, model.targets) == (("lines", "color"), ("color",))
