"""Networks that sets of pictures are compared by: our own, a named one, and those with weights to download."""

import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.tiny import pictures
from ugatit.errors import ConfigError, WeightsError
from ugatit.evaluation import pretrained
from ugatit.evaluation.domain_classifier import train_classifier
from ugatit.evaluation.features import named_features, own_features, to_levels

CPU = torch.device("cpu")
NETWORKS = """
from torch import nn

class Means(nn.Module):
    def forward(self, pictures):
        assert str(pictures.dtype) == "torch.uint8"
        return pictures.float().mean(dim=(2, 3))

class Maps(nn.Module):
    def forward(self, pictures):
        return pictures.float()

class Torn(nn.Module):
    def forward(self, pictures):
        raise KeyError("layer")

class Choosy(nn.Module):
    def __init__(self, width):
        super().__init__()

class Plain:
    pass
"""


@pytest.fixture
def networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "networks_of_a_user.py").write_text(NETWORKS, encoding="utf-8")
    (tmp_path / "broken_of_a_user.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_pictures_are_described_as_they_would_be_saved() -> None:
    levels = to_levels(torch.tensor([-1.2, -1.0, 0.0, 0.999, 1.0, 3.0]))
    assert levels.tolist() == [0, 0, 128, 255, 255, 255]


def test_own_features_are_what_the_last_layer_sees() -> None:
    light, dark = pictures(6, seed=1) * 0.2 + 0.7, pictures(6, seed=2) * 0.2 - 0.7
    real = torch.cat([light, dark])
    classifier = train_classifier(light, dark, epochs=1, width=4)
    network = own_features(classifier, "real pictures", real)
    described = network.of(real)
    assert described.values.shape == (12, 32)
    assert described.logits.shape == (12, 2)
    assert float(described.values.square().mean()) == pytest.approx(1, rel=0.01)
    unit = classifier.features(real).square().mean().sqrt()
    last = classifier.network[-1]
    shown = to_levels(real).float() / 127.5 - 1
    torch.testing.assert_close(last(described.values * unit), classifier.network(shown), atol=1e-4, rtol=1e-4)
    assert network.label() == {"features": "own", "comparable_with_published": False}
    assert "trained on 12 real pictures" in network.description


@pytest.mark.usefixtures("networks")
def test_any_network_is_found_by_its_name() -> None:
    network = named_features("networks_of_a_user:Means", CPU)
    described = network.of(torch.ones(3, 3, 8, 8))
    assert torch.equal(described.values, torch.full((3, 3), 255.0))
    assert not network.comparable


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("inceptoin", "neither own nor module:Class"),
        ("networks_of_a_user:", "neither own nor module:Class"),
        ("nowhere_at_all:Encoder", "nowhere_at_all cannot be imported"),
        ("broken_of_a_user:Encoder", "cannot be imported .ZeroDivisionError"),
        ("networks_of_a_user:Missing", "no class Missing"),
        ("networks_of_a_user:Plain", "no class Plain that is a torch.nn.Module"),
        ("networks_of_a_user:Choosy", "must need no arguments"),
    ],
)
def test_wrong_names_are_told(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        named_features(name, CPU)


@pytest.mark.usefixtures("networks")
@pytest.mark.parametrize(
    ("name", "message"), [("Maps", r"must give \(B, D\).*gave \(2, 3, 8, 8\)"), ("Torn", "KeyError")]
)
def test_networks_that_give_something_else_are_told(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        named_features(f"networks_of_a_user:{name}", CPU).of(torch.zeros(2, 3, 8, 8))


def test_inception_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(WeightsError, match=r"pip install 'torch-fidelity.*--features own"):
        pretrained.inception_features(CPU)


def test_inception_without_weights_or_network_names_file_and_folder(no_downloads: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights-inception-2015-12-05-6726825d\.pth") as told:
        pretrained.inception_features(CPU)
    assert str(no_downloads) in str(told.value)


def test_damaged_inception_weights_are_told(no_downloads: Path) -> None:
    no_downloads.mkdir(parents=True)
    (no_downloads / "weights-inception-2015-12-05-6726825d.pth").write_bytes(b"torn")
    with pytest.raises(WeightsError, match="is damaged"):
        pretrained.inception_features(CPU)


def test_inception_gives_features_and_logits_comparable_with_published_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    library = pytest.importorskip("torch_fidelity.feature_extractor_inceptionv3")
    monkeypatch.setattr(library, "load_state_dict_from_url", lambda *_, **__: {})
    monkeypatch.setattr(library.FeatureExtractorInceptionV3, "load_state_dict", lambda *_: None)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = pretrained.inception_features(CPU)
    described = network.of(pictures(2))
    assert (described.values.shape, described.logits.shape) == ((2, 2048), (2, 1008))
    assert network.label() == {"features": "inception", "comparable_with_published": True}


def test_lpips_without_weights_names_file_and_folder(no_downloads: Path) -> None:
    with pytest.raises(WeightsError, match=r"alexnet-owt-7be5be79\.pth") as told:
        pretrained.lpips(pictures(1), pictures(1), CPU)
    assert str(no_downloads) in str(told.value)


@pytest.fixture
def alexnet(no_downloads: Path) -> None:
    """Random weights in the place of AlexNet's."""
    import torchvision

    no_downloads.mkdir(parents=True)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = torchvision.models.alexnet(num_classes=1000)
    torch.save(network.state_dict(), no_downloads / pretrained.ALEXNET_FILE)


@pytest.mark.usefixtures("alexnet")
def test_lpips_is_zero_for_equal_pictures_and_one_number_a_pair() -> None:
    one: Tensor = pictures(3, 31, seed=1)
    distances = pretrained.lpips(torch.cat([one, one]), torch.cat([one, pictures(3, 31, seed=2)]), CPU)
    assert distances.shape == (6,)
    assert distances[:3].tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    assert (distances[3:] > 0).all()
    with pytest.raises(WeightsError, match="31 px or more"):
        pretrained.lpips(pictures(1, 30), pictures(1, 30), CPU)
