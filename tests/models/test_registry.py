"""Models are found by name: those of the package, and those of other packages by an entry point."""

from pathlib import Path

import pytest

from tests.toy_package import install_toy
from ugatit.errors import WeightsError
from ugatit.models import MODELS, UGATIT, CycleGAN, Pix2Pix, StarGAN, TranslationModel, model_class, model_names
from ugatit.models.registry import registered_models


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(install_toy(tmp_path))
    return tmp_path


def register(packages: Path, lines: str) -> None:
    path = next(packages.glob("*.dist-info")) / "entry_points.txt"
    path.write_text(f"[ugatit.models]\n{lines}\n")


def test_own_models_are_there_without_any_entry_point() -> None:
    assert model_names() == tuple(MODELS) == ("ugatit", "cyclegan", "pix2pix", "stargan")
    assert model_class("ugatit") is UGATIT


def test_model_of_another_package_is_found(packages: Path) -> None:
    assert model_names() == ("ugatit", "cyclegan", "pix2pix", "stargan", "toy")
    model = model_class("toy")
    assert issubclass(model, TranslationModel)
    assert registered_models() == [UGATIT, CycleGAN, Pix2Pix, StarGAN, model]


def test_entry_point_cannot_replace_an_own_model(packages: Path) -> None:
    register(packages, "ugatit = toy:Toy")
    assert model_names() == ("ugatit", "cyclegan", "pix2pix", "stargan")
    assert model_class("ugatit") is UGATIT


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("broken = nowhere:Toy", "cannot be imported: ModuleNotFoundError"),
        ("broken = toy:Nobody", "cannot be imported: AttributeError"),
        ("broken = toy:ToyConfig", "is no TranslationModel with the name 'broken'"),
        ("broken = toy:Toy", "is no TranslationModel with the name 'broken'"),
    ],
)
def test_wrong_entry_point_is_named_and_left_out(
    line: str, problem: str, packages: Path, caplog: pytest.LogCaptureFixture
) -> None:
    register(packages, line)
    with pytest.raises(WeightsError, match=f"The model 'broken' of the entry point .*{problem}"):
        model_class("broken")
    assert registered_models() == [UGATIT, CycleGAN, Pix2Pix, StarGAN]
    assert "Left out: The model 'broken'" in caplog.text


def test_unknown_model_lists_what_there_is(packages: Path) -> None:
    with pytest.raises(
        WeightsError, match="There is no model 'nope'; there are: ugatit, cyclegan, pix2pix, stargan, toy"
    ):
        model_class("nope")
