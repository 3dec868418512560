"""Published CycleGAN checkpoints give the published outputs and training; broken ones are refused."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.published_training import BOUND, differences
from tests.published_files import assert_refused
from tests.tiny import ROOT
from ugatit import load_model
from ugatit.checkpoints.published import read_published
from ugatit.checkpoints.registry import locate_weights
from ugatit.cli.main import main
from ugatit.models.cyclegan import CycleGAN
from ugatit.models.cyclegan_config import CycleGANConfig
from ugatit.models.cyclegan_published import CRITICS, GENERATORS

GOLDEN = ROOT / "tests" / "golden"
CHECKPOINT = GOLDEN / "cyclegan_resnet6"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "published"))


def change(path: Path, **entries: torch.Tensor | None) -> None:
    state = torch.load(path, weights_only=True) | entries
    torch.save({key: value for key, value in state.items() if value is not None}, path)


PARTS = ("weight", "bias", "running_mean", "running_var")


def published_resnet() -> dict[str, str]:
    """Our keys by the published ones, of a generator with two blocks and batch norm."""
    modules = {f"model.{place}": f"encoder.{number}" for number, place in enumerate((1, 2, 4, 5, 7, 8))}
    modules |= {f"model.{place}": f"decoder.{number}" for number, place in enumerate((12, 13, 15, 16))}
    for block in range(2):
        names = {1: "conv1", 2: "norm1", 5: "conv2", 6: "norm2"}
        modules |= {f"model.{10 + block}.conv_block.{place}": f"blocks.{block}.{n}" for place, n in names.items()}
    return {**_entries(modules), "model.19.weight": "to_rgb.weight", "model.19.bias": "to_rgb.bias"}


def published_critic() -> dict[str, str]:
    """Our keys by the published ones, of a critic of two layers and batch norm."""
    convs = {0: "blocks.0.conv", 2: "blocks.1.conv", 5: "blocks.2.conv", 8: "blocks.3.conv"}
    modules = {f"model.{place}": name for place, name in convs.items()}
    modules |= {"model.3": "blocks.1.norm", "model.6": "blocks.2.norm"}
    biased = {f"model.{place}.bias": f"{convs[place]}.bias" for place in (0, 8)}
    return {**_entries(modules), **biased}


def _entries(modules: dict[str, str]) -> dict[str, str]:
    """Return the entries of convolutions without bias, and of batch norms."""
    return {
        f"{theirs}.{part}": f"{ours}.{part}"
        for theirs, ours in modules.items()
        for part in (PARTS if "norm" in ours or ours in NORMS_OF_ENCODER else PARTS[:1])
    }


NORMS_OF_ENCODER = ("encoder.1", "encoder.3", "encoder.5", "decoder.1", "decoder.3")


@pytest.mark.parametrize("source", [CHECKPOINT, CHECKPOINT / "latest_net_D_A.pth"], ids=["folder", "file"])
def test_golden_outputs_agree(source: Path) -> None:
    with np.load(GOLDEN / "cyclegan_resnet6.npz") as stored:
        arrays = {name: torch.from_numpy(stored[name]) for name in stored.files}
    model = load_model(source, "cpu")
    assert isinstance(model, CycleGAN)
    assert (model.config.ngf, model.config.ndf, model.config.blocks, model.config.layers) == (4, 4, 6, 3)
    with torch.no_grad():
        for way, to in (("A", "B"), ("B", "A")):
            ours = {"G": model.translate(arrays["input"], to).image}
            ours["D"] = model.critics(to)["patch"](arrays["input"]).patch_logits
            for kind, values in ours.items():
                expected = arrays[f"net_{kind}_{way}"]
                assert (values - expected).abs().max() < 1e-4 * expected.abs().max()


def test_golden_training_agrees() -> None:
    found = differences(CHECKPOINT, GOLDEN / "cyclegan_resnet6_training.npz")
    assert len(found) == 12
    assert max(found.values()) < BOUND, found


def test_batch_norm_prefixes_and_old_statistics_are_read_off_the_keys(folder: Path) -> None:
    for path in folder.iterdir():
        state = torch.load(path, weights_only=True)
        norm = "model.2" if "_G_" in path.name else "model.3"
        extra = {f"{norm}.running_mean": torch.ones(4), f"{norm}.num_batches_tracked": torch.tensor(3)}
        torch.save({f"module.{key}": value for key, value in {**state, **extra}.items()}, path)
    ours, theirs = load_model(folder).state_dict(), load_model(CHECKPOINT).state_dict()
    assert all(torch.equal(ours[key], value) for key, value in theirs.items())

    model = CycleGAN(CycleGANConfig(ngf=2, ndf=3, blocks=2, layers=2, norm="batch"))
    model.init_weights()
    state = model.state_dict()
    for theirs_name, ours_name in {**GENERATORS, **CRITICS}.items():
        published = published_resnet if theirs_name in GENERATORS else published_critic
        network = {key: state[f"{ours_name}.{our_key}"] for key, our_key in published().items()}
        torch.save(network, folder / f"latest_{theirs_name}.pth")
    read = load_model(folder)
    assert read.config == model.config
    assert all(torch.equal(read.state_dict()[key], value) for key, value in state.items())


def test_generators_alone_translate_without_a_patch_map(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for way in "AB":
        (folder / f"latest_net_D_{way}.pth").unlink()
    assert main(["import", str(folder), "--output", str(tmp_path / "out"), "--domains", "horse", "zebra"]) == 0
    assert "without critics" in capsys.readouterr().out
    model = load_model(tmp_path / "out")
    assert model.domains == ("horse", "zebra")
    assert (dict(model.critics("zebra")), model.map_grids("zebra")) == ({}, {})
    assert torch.equal(
        model.translate(torch.ones(1, 3, 16, 16), "zebra").image,
        read_published(CHECKPOINT / "latest_net_G_A.pth").translate(torch.ones(1, 3, 16, 16), "B").image,
    )


@pytest.mark.parametrize("name", ["latest_net_G.pth", "5_net_G_A.pth", "horse2zebra.pth"])
def test_one_generator_alone_translates_one_way(name: str, tmp_path: Path) -> None:
    shutil.copy(CHECKPOINT / "latest_net_G_A.pth", tmp_path / name)
    picture = torch.ones(1, 3, 16, 16)
    expected = load_model(CHECKPOINT).translate(picture, "B").image
    for source in (tmp_path, tmp_path / name):
        model = load_model(source, domains=("horse", "zebra"))
        assert (model.targets, model.origin_of("zebra"), dict(model.critics("zebra"))) == (("zebra",), "horse", {})
        assert torch.equal(model.translate(picture, "zebra").image, expected)


def test_the_newest_epoch_is_that_of_the_largest_number(folder: Path) -> None:
    for path in list(folder.iterdir()):
        for epoch in (5, 10):
            shutil.copy(path, folder / path.name.replace("latest", str(epoch)))
    assert locate_weights(folder).name == "latest_net_G_B.pth"
    for path in folder.glob("latest_*"):
        path.unlink()
    assert locate_weights(folder).name == "10_net_G_B.pth"


@pytest.mark.parametrize("missing", ["G_A", "D_B"])
def test_half_of_the_networks_is_refused(
    folder: Path, missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / f"latest_net_{missing}.pth").unlink()
    assert_refused(folder / "latest_net_G_B.pth", tmp_path / "out", f"net_{missing}.pth is missing", capsys)


def test_broken_files_are_refused_by_name(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "latest_net_G_A.pth"
    for entries, match in (
        ({"model.4.weight": None}, "lacks 'model.4.weight'"),
        ({"model.1.weight": torch.ones(3)}, "no usable 'model.1.weight'"),
        ({"model.1.weight": torch.full((4, 3, 7, 7), torch.nan)}, "not finite"),
        ({"model.99.weight": torch.ones(3)}, "does not know"),
        ({"model.4.weight": torch.ones(1, 1, 1, 1)}, "it should be"),
    ):
        shutil.copy(CHECKPOINT / path.name, path)
        change(path, **entries)
        assert_refused(path, tmp_path / "out", match, capsys)
    path.write_bytes(path.read_bytes()[:1000])
    assert_refused(path, tmp_path / "out", "damaged", capsys)
    torch.save(Path("hostile"), path)
    assert_refused(path, tmp_path / "out", "which is no tensor", capsys)
