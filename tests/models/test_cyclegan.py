"""CycleGAN: its terms, its order of updates and its pool; from the command line to a translated picture."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import SCENES, batch
from ugatit.cli.main import main
from ugatit.config import TrainingConfig
from ugatit.data.scenes import scene
from ugatit.errors import ConfigError
from ugatit.models.cyclegan import CycleGAN
from ugatit.models.cyclegan_config import PRESETS, CycleGANConfig
from ugatit.training.learner import Learner
from ugatit.training.run_settings import settings_from_preset

TINY = ["--model", "cyclegan", "--image-size", "32", "--ngf", "4", "--ndf", "4", "--blocks", "1", "--batch-size", "1"]


def tiny_model(**changes: object) -> CycleGAN:
    torch.manual_seed(0)
    values = {"domains": ("disc", "square"), "image_size": 32, "ngf": 4, "ndf": 4, "blocks": 1, "layers": 2}
    model = CycleGAN(CycleGANConfig(**{**values, **changes}))
    model.init_weights()
    return model


def learner(model: CycleGAN, **changes: object) -> Learner:
    values = {"precision": "fp32", "weight_decay": 0.0, "ema": 0.0, **changes}
    return Learner(model, TrainingConfig(**values), torch.device("cpu"))


def test_paper_has_the_published_hyper_parameters() -> None:
    paper = settings_from_preset(CycleGAN, PRESETS["paper"], {"sources": ("somewhere", "elsewhere")})
    network, training = paper.network, paper.training
    assert (network.image_size, network.ngf, network.ndf, network.blocks, network.layers) == (256, 64, 64, 9, 3)
    assert (network.norm, network.gan_loss, network.pool) == ("instance", "least-squares", 50)
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (2e-4, 0.5, 0.999, 0)
    assert (training.batch_size, training.ema) == (1, 0)
    assert training.weights == {"adversarial": 1, "cycle_a": 10, "cycle_b": 10, "identity": 5}


@pytest.mark.parametrize(
    ("generator", "norm", "gan_loss"),
    [
        ("resnet", "instance", "least-squares"),
        ("resnet", "batch", "cross-entropy"),
        ("unet", "instance", "cross-entropy"),
        ("unet", "batch", "least-squares"),
    ],
)
def test_training_on_a_fixed_batch_lowers_its_losses(generator: str, norm: str, gan_loss: str) -> None:
    training = learner(tiny_model(generator=generator, norm=norm, gan_loss=gan_loss), batch_size=2)
    totals = []
    for step in range(8):
        critics, generators = training.update(batch(2), step, 1e-3)
        assert set(critics) == {"adversarial.patch.disc", "adversarial.patch.square"}
        totals.append(float(generators["cycle_a.disc"] + generators["identity.square"]))
    assert totals[-1] < totals[0]


def test_generators_are_judged_by_the_critics_from_before_and_these_by_the_same_fakes() -> None:
    model, pictures = tiny_model(), batch(1)
    step = model.forward_step(pictures)
    expected = model.generator_terms(step)
    judged = model.discriminator_terms(step)
    critics, generators = learner(model).update(pictures, 0, 1e-2)
    for ours, theirs in ((generators, expected), (critics, judged)):
        for name, term in theirs.items():
            torch.testing.assert_close(ours[name], term.detach())


def test_parts_are_averaged_like_one_batch() -> None:
    whole, parts = learner(tiny_model(), batch_size=2), learner(tiny_model(), accumulate=2)
    for expected, actual in zip(whole.update(batch(2), 0, 1e-3), parts.update(batch(2), 0, 1e-3), strict=True):
        for name, term in expected.items():
            torch.testing.assert_close(actual[name], term, rtol=1e-4, atol=1e-5)


def test_each_direction_has_a_cycle_weight_of_its_own() -> None:
    training = learner(tiny_model(), weights={"adversarial": 0, "cycle_a": 0, "cycle_b": 0, "identity": 0})
    before = {name: value.clone() for name, value in training.model.state_dict().items()}
    training.update(batch(1), 0, 1e-2)
    assert all(torch.equal(value, before[name]) for name, value in training.model.state_dict().items())


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match="gan_loss must be least-squares or cross-entropy"):
        CycleGANConfig(gan_loss="hinge")
    with pytest.raises(ConfigError, match="set --layers lower"):
        CycleGAN.check_config(CycleGANConfig(image_size=32, layers=4))


def test_scenes_are_trained_on_with_a_pool_and_translated(tmp_path: Path) -> None:
    run, steps = tmp_path / "run", 3
    options = [*SCENES, *TINY, "--layers", "2", "--pool", "2", "--sample-every", str(steps), "--device", "cpu"]
    assert main(["train", *options, "--steps", str(steps), "--run", str(run)]) == 0
    state = torch.load(run / "checkpoints" / f"step_{steps:07d}" / "training.pt", weights_only=True)
    assert {name: len(pictures) for name, pictures in state["pool"].items()} == {"disc": 2, "square": 2}

    picture, out = tmp_path / "picture.png", tmp_path / "out"
    scene("disc", seed=1, size=32)[0].save(picture)
    assert (
        main(
            [
                "translate",
                "--weights",
                str(run),
                "--to",
                "square",
                "--input",
                str(picture),
                "--output",
                str(out),
                "--maps",
            ]
        )
        == 0
    )
    with Image.open(out / "picture.png") as translated:
        assert translated.size == (32, 32)
    with np.load(out / "picture.npz") as maps:
        assert {name: maps[name].shape for name in maps} == {"patch": (6, 6)}
