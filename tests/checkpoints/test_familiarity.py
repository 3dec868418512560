"""The statistics beside the weights: read strictly, and taken along where weights are packed."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.weights_folders import make_weights
from ugatit.checkpoints.familiarity import FAMILIARITY_FILE, write_familiarity
from ugatit.checkpoints.packaging import zip_weights
from ugatit.checkpoints.store import load_weights
from ugatit.checkpoints.untrusted_upload import open_weights_file
from ugatit.errors import WeightsError
from ugatit.models.familiarity import DomainStatistics, fit_statistics

FEATURES = 2 * 4 * 2
"""Of the weights that `make_weights` makes: two for each channel."""


def made_up(features: int = FEATURES) -> DomainStatistics:
    tensors = fit_statistics([[torch.randn(60, 40)] * 2] * 2, [[torch.randn(60, 40)] * 2] * 2).tensors()
    axes = torch.eye(features)[:4].expand(2, 2, 4, features).clone()
    return DomainStatistics(
        tensors["mean"][..., :features], tensors["scale"][..., :features], axes, torch.ones(2, 2, 4),
        tensors["rest"], tensors["threshold"],
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_weights(tmp_path / "weights")
    write_familiarity(folder, made_up())
    return folder


def test_weights_without_the_file_have_no_statistics(tmp_path: Path) -> None:
    assert load_weights(make_weights(tmp_path / "weights")).statistics is None


def test_statistics_are_read_as_written(folder: Path) -> None:
    statistics, stored = load_weights(folder).statistics, load_file(folder / FAMILIARITY_FILE)
    assert statistics is not None
    assert all(torch.equal(values, stored[name]) for name, values in statistics.tensors().items())


def test_a_zip_takes_the_statistics_along_and_an_upload_keeps_them(folder: Path, tmp_path: Path) -> None:
    zipped = zip_weights(folder, tmp_path / "packed.zip", half=False)
    uploaded = open_weights_file(zipped, tmp_path / "uploads")
    assert (uploaded / FAMILIARITY_FILE).read_bytes() == (folder / FAMILIARITY_FILE).read_bytes()


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def filled_with_text(path: Path) -> None:
    path.write_text("no numbers")


def not_a_number(path: Path) -> None:
    tensors = load_file(path)
    tensors["mean"][0, 0, 0] = float("nan")
    save_file(tensors, path)


def of_another_model(path: Path) -> None:
    write_familiarity(path.parent, made_up(FEATURES * 2))


def too_large(path: Path) -> None:
    path.write_bytes(b"0" * (5 * 2**20))


@pytest.mark.parametrize("damage", [cut_short, filled_with_text, not_a_number, of_another_model, too_large])
def test_damaged_statistics_are_refused_with_the_file_and_the_way_out(folder: Path, damage: object) -> None:
    assert callable(damage)
    damage(folder / FAMILIARITY_FILE)
    with pytest.raises(WeightsError, match=r"familiarity\.safetensors is damaged: .*Fetch it again or remove it"):
        load_weights(folder)
