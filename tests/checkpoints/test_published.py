"""Published checkpoints of every shape and precision are read and give the published results."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from tests.published_files import discriminate, generate, make_checkpoint, write_checkpoint
from tests.tiny import ROOT
from ugatit import load_model
from ugatit.cli.main import main
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.ugatit import UGATITLossWeights
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.training.learner import weighted

GOLDEN = ROOT / "tests" / "golden"
CASES = sorted(
    path for folder in (GOLDEN, ROOT.parent / "shared" / "golden") for path in folder.glob("ugatit_*_params_latest.pt")
)
CRITICS = {"G": "global", "L": "local"}
Arrays = dict[str, NDArray[np.float32]]


@pytest.fixture(autouse=True)
def _without_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


def distance(ours: Tensor, theirs: NDArray[np.float32] | Tensor) -> float:
    """Largest difference, relative to the largest magnitude."""
    reference = torch.as_tensor(theirs)
    assert ours.shape == reference.shape
    return float((ours - reference).abs().max() / reference.abs().max())


def assert_equal_outputs(
    output: GeneratorOutput | DiscriminatorOutput, expected: Iterable[NDArray[np.float32] | Tensor]
) -> None:
    """expected: image or patch logits, CAM logits, heatmap."""
    first = output.image if isinstance(output, GeneratorOutput) else output.patch_logits
    for ours, theirs in zip((first, output.cam_logits, output.attention_map), expected, strict=True):
        assert ours is not None
        assert distance(ours, theirs) < 1e-4


@pytest.fixture(scope="module", params=CASES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def golden(request: pytest.FixtureRequest) -> tuple[UGATIT, Arrays]:
    path: Path = request.param
    with np.load(path.with_name(path.name.replace("_params_latest.pt", ".npz"))) as stored:
        arrays = {name: stored[name] for name in stored.files}
    model = load_model(path, "cpu", image_size=arrays["real_A"].shape[-1])
    assert isinstance(model, UGATIT)
    return model, arrays


def test_golden_files_exist() -> None:
    assert GOLDEN / "ugatit_light_params_latest.pt" in CASES


def test_golden_generators_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for source, to in ("AB", "BA", "AA", "BB"):
        direction = f"gen{'B' if to == 'A' else 'A'}2{to}(real_{source})"
        output = model.translate(torch.from_numpy(arrays[f"real_{source}"]), to=to)
        assert_equal_outputs(output, [arrays[f"{direction}.{part}"] for part in ("image", "cam_logits", "heatmap")])


def test_golden_reconstructions_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for home, away in ("AB", "BA"):
        fake = torch.from_numpy(arrays[f"gen{home}2{away}(real_{home}).image"])
        assert distance(model.translate(fake, to=home).image, arrays[f"reconstruction_{home}"]) < 1e-4


def test_golden_critics_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for domain, other in ("AB", "BA"):
        pictures = {"real": arrays[f"real_{domain}"], "fake": arrays[f"gen{other}2{domain}(real_{other}).image"]}
        for letter, name in CRITICS.items():
            for kind, picture in pictures.items():
                output = model.critics(to=domain)[name](torch.from_numpy(picture))
                parts = (f"dis{letter}{domain}({kind}).{part}" for part in ("patch_logits", "cam_logits", "heatmap"))
                assert_equal_outputs(output, [arrays[part] for part in parts])


def test_golden_loss_terms_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    step = model.forward_step({domain: torch.from_numpy(arrays[f"real_{domain}"]) for domain in "AB"})
    critics, generators = model.discriminator_terms(step), model.generator_terms(step)
    ours = {}
    for domain in "AB":
        for letter, name in CRITICS.items():
            critic = f"dis{letter}{domain}"
            ours[f"D.adversarial.{critic}"] = critics[f"adversarial.{name}.{domain}"]
            ours[f"D.cam.{critic}"] = critics[f"adversarial_cam.{name}.{domain}"]
            for kind in ("adversarial", "adversarial_cam"):
                ours[f"G.{kind}.{critic}"] = generators[f"{kind}.{name}.{domain}"]
        for kind in ("cycle", "identity", "cam"):
            ours[f"G.{kind}.{domain}"] = generators[f"{kind}.{domain}"]
    for letter, terms in (("D", critics), ("G", generators)):
        ours[f"{letter}.total"] = torch.stack(list(weighted(terms, UGATITLossWeights().to_dict()).values())).sum()
    stored = {name.removeprefix("loss."): value for name, value in arrays.items() if name.startswith("loss.")}
    assert {name: distance(term, stored[name]) for name, term in ours.items() if name in stored}.keys() == stored.keys()
    assert max(distance(term, stored[name]) for name, term in ours.items()) < 1e-4


def test_golden_full_generator_agrees(tmp_path: Path) -> None:
    with np.load(GOLDEN / "ugatit_full_genA2B.npz") as stored:
        arrays = {name: torch.from_numpy(stored[name]) for name in stored.files}
    state = {k.removeprefix("weights."): v for k, v in arrays.items() if k.startswith("weights.")}
    checkpoint = {**make_checkpoint(ngf=4, blocks=2, light=False, size=128), "genA2B": state}
    model = load_model(write_checkpoint(checkpoint, tmp_path / "full.pt"), "cpu")
    assert (model.image_size, model.config.light, model.config.ngf, model.config.blocks) == (128, False, 4, 2)
    output = model.translate(arrays["real_A"], to="B")
    assert_equal_outputs(output, [arrays[f"genA2B(real_A).{part}"] for part in ("image", "cam_logits", "heatmap")])


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize(
    "shape",
    [
        {"ngf": 3, "ndf": 5},
        {"ngf": 5, "ndf": 1, "depths": (6, 4)},
        {"ngf": 48, "ndf": 3, "depths": (3, 3)},
        {"blocks": 0},
        {"blocks": 6, "depths": (4, 5)},
        {"light": False, "size": 64},
        {"light": False, "size": 96, "depths": (5, 4)},
        {"light": False, "size": 128, "blocks": 2, "depths": (6, 4)},
    ],
    ids=lambda shape: "-".join(f"{name}{value}" for name, value in shape.items()).replace(" ", ""),
)
def test_checkpoint_of_any_shape_computes_the_published_formula(
    tmp_path: Path, shape: dict[str, Any], zipped: bool
) -> None:
    settings: dict[str, Any] = {"ngf": 3, "ndf": 2, "blocks": 1, "light": True, "size": 64, "depths": (5, 3), **shape}
    checkpoint = make_checkpoint(**shape)
    model = load_model(write_checkpoint(checkpoint, tmp_path / "x.pt", zipped), "cpu", image_size=settings["size"])
    config = model.config
    assert (config.ngf, config.ndf, config.blocks) == (settings["ngf"], settings["ndf"], settings["blocks"])
    assert (config.light, config.image_size) == (settings["light"], settings["size"])
    assert (config.global_layers, config.local_layers) == settings["depths"]
    picture = torch.rand(2, 3, settings["size"], settings["size"]) * 2 - 1
    for to, network in (("B", "genA2B"), ("A", "genB2A")):
        expected = generate(checkpoint[network], picture, settings["blocks"], settings["light"])
        assert_equal_outputs(model.translate(picture, to=to), expected)
    for letter, depth in zip("GL", settings["depths"], strict=True):
        for domain in "AB":
            expected = discriminate(checkpoint[f"dis{letter}{domain}"], picture, depth)
            assert_equal_outputs(model.critics(to=domain)[CRITICS[letter]](picture), expected)


def test_light_checkpoint_is_256_px_by_default(tmp_path: Path) -> None:
    path = write_checkpoint(make_checkpoint(), tmp_path / "x.pt")
    assert load_model(path).image_size == 256
    assert load_model(path, image_size=96).image_size == 96


def test_full_checkpoint_of_another_size_than_requested_is_refused(tmp_path: Path) -> None:
    path = write_checkpoint(make_checkpoint(light=False), tmp_path / "x.pt")
    with pytest.raises(WeightsError, match="for 64 px, not 128 px"):
        load_model(path, image_size=128)


def test_other_entries_are_ignored(tmp_path: Path) -> None:
    extra = {"epoch": 7, "lr": 1e-4, "note": "hello", "history": [1.0, 2.0], "optimizer": {"state": {0: torch.ones(3)}}}
    model = load_model(write_checkpoint({**make_checkpoint(), **extra}, tmp_path / "x.pt"), domains=("cat", "dog"))
    assert model.domains == ("cat", "dog")


def test_prefix_of_data_parallel_is_removed(tmp_path: Path) -> None:
    plain = make_checkpoint()
    wrapped = {name: {f"module.{key}": value for key, value in state.items()} for name, state in plain.items()}
    ours = load_model(write_checkpoint(wrapped, tmp_path / "x.pt")).state_dict()
    theirs = load_model(write_checkpoint(plain, tmp_path / "y.pt")).state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_numbers_of_other_precisions_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    checkpoint = {name: {k: v.to(dtype) for k, v in state.items()} for name, state in make_checkpoint().items()}
    model = load_model(write_checkpoint(checkpoint, tmp_path / "x.pt"))
    assert {value.dtype for value in model.state_dict().values()} == {torch.float32}


def test_parameters_are_accepted_like_tensors(tmp_path: Path) -> None:
    checkpoint = make_checkpoint()
    checkpoint["genA2B"] = torch.nn.ParameterDict({k.replace(".", "|"): v for k, v in checkpoint["genA2B"].items()})
    checkpoint["genA2B"] = {k.replace("|", "."): v for k, v in checkpoint["genA2B"].items()}
    assert load_model(write_checkpoint(checkpoint, tmp_path / "x.pt")).domains == ("A", "B")


def test_tied_weights_can_be_saved_again(tmp_path: Path) -> None:
    checkpoint = make_checkpoint()
    checkpoint["genB2A"] = checkpoint["genA2B"]
    source = write_checkpoint(checkpoint, tmp_path / "x.pt")
    assert main(["import", str(source), "--output", str(tmp_path / "out")]) == 0
    state = load_model(tmp_path / "out").state_dict()
    assert torch.equal(state["generator_ab.to_rgb.weight"], state["generator_ba.to_rgb.weight"])


@pytest.mark.parametrize("half", [False, True])
def test_import_writes_a_folder_that_computes_the_same(tmp_path: Path, half: bool) -> None:
    source = write_checkpoint(make_checkpoint(), tmp_path / "x.pt")
    options = ["--domains", "flat", "clay", "--image-size", "64", *(["--half"] if half else [])]
    assert main(["import", str(source), "--output", str(tmp_path / "out"), *options]) == 0
    model, original = load_model(tmp_path / "out"), load_model(source)
    assert model.domains == ("flat", "clay")
    assert model.image_size == 64
    picture = torch.rand(1, 3, 64, 64) * 2 - 1
    ours, theirs = model.translate(picture, to="clay").image, original.translate(picture, to="B").image
    assert torch.equal(ours, theirs) or (half and distance(ours, theirs) < 0.05)
