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
from ugatit.cli.main import main
from ugatit.models.cyclegan import CycleGAN, CycleGANConfig
from ugatit.models.cyclegan_published import NETWORKS, discriminator_keys, generator_keys

GOLDEN = ROOT / "tests" / "golden"
CHECKPOINT = GOLDEN / "cyclegan_resnet6"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "published"))


def change(path: Path, **entries: torch.Tensor | None) -> None:
    state = torch.load(path, weights_only=True) | entries
    torch.save({key: value for key, value in state.items() if value is not None}, path)


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
        extra = {"model.2.running_mean": torch.ones(4), "model.2.num_batches_tracked": torch.tensor(3)}
        torch.save({f"module.{key}": value for key, value in {**state, **extra}.items()}, path)
    ours, theirs = load_model(folder).state_dict(), load_model(CHECKPOINT).state_dict()
    assert all(torch.equal(ours[key], value) for key, value in theirs.items())

    model = CycleGAN(CycleGANConfig(ngf=2, ndf=3, blocks=2, layers=2, norm="batch"))
    model.init_weights()
    state = model.state_dict()
    for theirs_name, ours_name in NETWORKS.items():
        keys = generator_keys(2, "batch") if "_G_" in theirs_name else discriminator_keys(2, "batch")
        network = {key: state[f"{ours_name}.{our_key}"] for key, our_key in keys.items()}
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
        ({"model.4.weight": torch.ones(1, 1, 1, 1)}, "the config wants"),
    ):
        shutil.copy(CHECKPOINT / path.name, path)
        change(path, **entries)
        assert_refused(path, tmp_path / "out", match, capsys)
    path.write_bytes(path.read_bytes()[:1000])
    assert_refused(path, tmp_path / "out", "damaged", capsys)
    torch.save(Path("hostile"), path)
    assert_refused(path, tmp_path / "out", "which is no tensor", capsys)
