"""Published StarGAN checkpoints give the published outputs and training; broken ones are refused."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.published_training import bound_of, differences
from tests.published_files import assert_refused
from tests.tiny import ROOT
from ugatit import load_model, losses
from ugatit.cli.main import main
from ugatit.models.stargan import StarGAN

GOLDEN = ROOT / "tests" / "golden"
CHECKPOINT, JOINT = GOLDEN / "stargan", GOLDEN / "stargan_joint"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "published"))


@pytest.fixture(scope="module")
def arrays() -> dict[str, Tensor]:
    with np.load(GOLDEN / "stargan.npz") as stored:
        return {name: torch.from_numpy(stored[name]) for name in stored.files}


def load(source: Path) -> StarGAN:
    model = load_model(source, "cpu")
    assert isinstance(model, StarGAN)
    return model


def change(path: Path, **entries: Tensor | None) -> None:
    state = torch.load(path, weights_only=True) | entries
    torch.save({key: value for key, value in state.items() if value is not None}, path)


@pytest.mark.parametrize("source", [CHECKPOINT, CHECKPOINT / "200000-D.ckpt"], ids=["folder", "file"])
def test_golden_outputs_agree(source: Path, arrays: dict[str, Tensor]) -> None:
    model = load(source)
    assert (model.config.ngf, model.config.ndf, model.config.blocks, model.config.layers) == (8, 8, 2, 4)
    assert (model.domains, model.image_size, model.config.binary) == (("0", "1", "2"), 64, ())
    with torch.no_grad():
        # The golden's labels are one-hot: the first and the third domain.
        translated = [model.translate(arrays["input"][i, None], to).image for i, to in enumerate("02")]
        judged = model.critics("0")["patch"](arrays["input"])
    ours = {"G(input,label)(instance statistics)": torch.cat(translated)}
    ours |= {"D.source": judged.patch_logits, "D.class": judged.class_logits}
    for name, values in ours.items():
        assert (values - arrays[name]).abs().max() < 1e-4 * arrays[name].abs().max(), name


def test_gradient_penalty_is_the_stored_one(arrays: dict[str, Tensor]) -> None:
    model, fake = load(CHECKPOINT), arrays["G(input,label)(instance statistics)"]
    penalty = losses.gradient_penalty(
        lambda pictures: model.critic(pictures).patch_logits, arrays["input"], fake, arrays["alpha"]
    )
    torch.testing.assert_close(penalty.detach(), arrays["gradient_penalty"], rtol=1e-4, atol=0)


@pytest.mark.parametrize(
    ("labels", "checkpoint", "terms"),
    [("exclusive", CHECKPOINT, 10), ("attributes", CHECKPOINT, 14), ("joint", JOINT, 17)],
)
def test_golden_training_agrees(labels: str, checkpoint: Path, terms: int) -> None:
    npz = GOLDEN / f"stargan_{labels}_training.npz"
    found = differences(checkpoint, npz)
    assert len(found) == terms
    assert {name: value for name, value in found.items() if not value < bound_of(name, npz)} == {}


def test_two_planes_more_than_classes_make_a_joint_model() -> None:
    model = load(JOINT)
    assert (model.domains, model.config.sets, model.config.planes) == (tuple("01234"), (2, 3), 7)
    first, second = model.label_sets
    assert model.planes_of(first, torch.ones(1, 2)).tolist() == [[1, 1, 0, 0, 0, 1, 0]]
    assert model.planes_of(second, torch.tensor([[0.0, 0.0, 1.0]])).tolist() == [[0, 0, 0, 0, 1, 0, 1]]


def test_generator_alone_translates_without_a_patch_map(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "200000-D.ckpt").unlink()
    assert main(["import", str(folder), "--output", str(tmp_path / "out"), "--domains", "cat", "dog", "fox"]) == 0
    assert "without critics" in capsys.readouterr().out
    model = load(tmp_path / "out")
    assert (model.domains, model.image_size, dict(model.critics("fox"))) == (("cat", "dog", "fox"), 128, {})
    picture = torch.ones(1, 3, 16, 16)
    labels = torch.tensor([[0.0, 0.0, 1.0]])
    assert torch.equal(model.translate(picture, "fox").image, load(CHECKPOINT).generator(picture, labels).image)


def test_prefixes_and_checkpoints_of_old_torch_load(folder: Path) -> None:
    for path in folder.iterdir():
        state = torch.load(path, weights_only=True)
        # torch before 0.4.1 did not count the batches.
        old = {f"module.{k}": value for k, value in state.items() if not k.endswith("num_batches_tracked")}
        torch.save(old, path)
    ours, theirs = load(folder).state_dict(), load(CHECKPOINT).state_dict()
    assert all(torch.equal(ours[key], value) for key, value in theirs.items())


def test_broken_files_are_refused_by_name(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generator, critic = folder / "200000-G.ckpt", folder / "200000-D.ckpt"
    for path, entries, match in (
        (generator, {"main.3.weight": None}, "lacks 'main.3.weight'"),
        (generator, {"main.0.weight": torch.ones(3)}, "no usable 'main.0.weight'"),
        (generator, {"main.0.weight": torch.full((8, 6, 7, 7), torch.nan)}, "not finite"),
        (generator, {"main.0.weight": torch.ones(8, 7, 7, 7)}, "G has 4 label planes, but D tells 3 classes apart"),
        (generator, {"main.0.weight": torch.ones(8, 2, 7, 7)}, "G has -1 label planes"),
        (generator, {"main.3.weight": torch.ones(1, 1, 1, 1)}, "the config wants"),
        (generator, {"main.99.weight": torch.ones(3)}, "does not know"),
        (critic, {"conv2.weight": None}, "no usable 'conv2.weight'"),
        (critic, {"conv2.weight": torch.ones(3, 64, 3, 4)}, "the config wants"),
        (critic, {"conv2.weight": torch.ones(3, 1, 5000, 1)}, "image_size must lie between"),
    ):
        kept = path.read_bytes()
        change(path, **entries)
        assert_refused(generator, tmp_path / "out", match, capsys)
        path.write_bytes(kept)
    generator.write_bytes(generator.read_bytes()[:1000])
    assert_refused(generator, tmp_path / "out", "damaged", capsys)
    torch.save(Path("hostile"), generator)
    assert_refused(generator, tmp_path / "out", "which is no tensor", capsys)
    generator.unlink()
    assert_refused(critic, tmp_path / "out", "-G.ckpt with the same number, is missing", capsys)
