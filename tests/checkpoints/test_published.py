"""Published checkpoints: they compute what they always did, and other state dicts are refused by name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from tests.published_files import assert_refused, critic_state, generate, generator_state, judge, published, saved
from ugatit import load_model
from ugatit.cli.main import main
from ugatit.config import LossWeights
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.training.trainer import weigh

GOLDEN = Path(__file__).parents[1] / "golden"
FURTHER = Path(__file__).parents[3] / "shared" / "golden"
CASES = sorted(path for folder in (GOLDEN, FURTHER) for path in folder.glob("ugatit_*_params_latest.pt"))
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


@pytest.fixture(scope="module", params=CASES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def golden(request: pytest.FixtureRequest) -> tuple[UGATIT, Arrays]:
    path: Path = request.param
    with np.load(path.with_name(path.name.replace("_params_latest.pt", ".npz"))) as stored:
        arrays = {name: stored[name] for name in stored.files}
    model = load_model(path, "cpu", image_size=arrays["real_A"].shape[-1])
    assert isinstance(model, UGATIT)
    return model, arrays


def test_goldens_are_there() -> None:
    assert GOLDEN / "ugatit_light_params_latest.pt" in CASES


def test_golden_generators_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for source, to in ("AB", "BA", "AA", "BB"):
        direction = f"gen{'B' if to == 'A' else 'A'}2{to}(real_{source})"
        output = model.translate(torch.from_numpy(arrays[f"real_{source}"]), to=to)
        assert output.cam_logits is not None
        assert output.attention_map is not None
        assert distance(output.image, arrays[f"{direction}.image"]) < 1e-4
        assert distance(output.cam_logits, arrays[f"{direction}.cam_logits"]) < 1e-4
        assert distance(output.attention_map, arrays[f"{direction}.heatmap"]) < 1e-4


def test_golden_reconstructions_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for home, away in ("AB", "BA"):
        there = torch.from_numpy(arrays[f"gen{home}2{away}(real_{home}).image"])
        assert distance(model.translate(there, to=home).image, arrays[f"reconstruction_{home}"]) < 1e-4


def test_golden_critics_agree(golden: tuple[UGATIT, Arrays]) -> None:
    model, arrays = golden
    for domain, other in ("AB", "BA"):
        pictures = {"real": arrays[f"real_{domain}"], "fake": arrays[f"gen{other}2{domain}(real_{other}).image"]}
        for letter, name in CRITICS.items():
            for kind, picture in pictures.items():
                output = model.critics(to=domain)[name](torch.from_numpy(picture))
                stored = f"dis{letter}{domain}({kind})"
                assert distance(output.patch_logits, arrays[f"{stored}.patch_logits"]) < 1e-4
                assert distance(output.cam_logits, arrays[f"{stored}.cam_logits"]) < 1e-4
                assert distance(output.attention_map, arrays[f"{stored}.heatmap"]) < 1e-4


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
        ours[f"{letter}.total"] = torch.stack(list(weigh(terms, LossWeights()).values())).sum()
    stored = {name.removeprefix("loss."): value for name, value in arrays.items() if name.startswith("loss.")}
    assert {name: distance(term, stored[name]) for name, term in ours.items() if name in stored}.keys() == stored.keys()
    assert max(distance(term, stored[name]) for name, term in ours.items()) < 1e-4


def test_golden_full_generator_agrees(tmp_path: Path) -> None:
    with np.load(GOLDEN / "ugatit_full_genA2B.npz") as stored:
        arrays = {name: torch.from_numpy(stored[name]) for name in stored.files}
    state = {k.removeprefix("weights."): v for k, v in arrays.items() if k.startswith("weights.")}
    checkpoint = {**published(ngf=4, blocks=2, light=False, size=128), "genA2B": state}
    model = load_model(saved(checkpoint, tmp_path / "full.pt"), "cpu")
    assert (model.image_size, model.config.light, model.config.ngf, model.config.blocks) == (128, False, 4, 2)
    output = model.translate(arrays["real_A"], to="B")
    assert distance(output.image, arrays["genA2B(real_A).image"]) < 1e-4
    assert distance(output.cam_logits, arrays["genA2B(real_A).cam_logits"]) < 1e-4
    assert distance(output.attention_map, arrays["genA2B(real_A).heatmap"]) < 1e-4


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
    wanted: dict[str, Any] = {"ngf": 3, "ndf": 2, "blocks": 1, "light": True, "size": 64, "depths": (5, 3), **shape}
    checkpoint = published(**shape)
    model = load_model(saved(checkpoint, tmp_path / "x.pt", zipped), "cpu", image_size=wanted["size"])
    config = model.config
    assert (config.ngf, config.ndf, config.blocks) == (wanted["ngf"], wanted["ndf"], wanted["blocks"])
    assert (config.light, config.image_size) == (wanted["light"], wanted["size"])
    assert (config.global_layers, config.local_layers) == wanted["depths"]
    picture = torch.rand(2, 3, wanted["size"], wanted["size"]) * 2 - 1
    for to, network in (("B", "genA2B"), ("A", "genB2A")):
        output = model.translate(picture, to=to)
        expected = generate(checkpoint[network], picture, wanted["blocks"], wanted["light"])
        for ours, theirs in zip((output.image, output.cam_logits, output.attention_map), expected, strict=True):
            assert ours is not None
            assert distance(ours, theirs) < 1e-4
    for letter, depth in zip("GL", wanted["depths"], strict=True):
        for domain in "AB":
            output = model.critics(to=domain)[CRITICS[letter]](picture)
            expected = judge(checkpoint[f"dis{letter}{domain}"], picture, depth)
            for ours, theirs in zip(
                (output.patch_logits, output.cam_logits, output.attention_map), expected, strict=True
            ):
                assert distance(ours, theirs) < 1e-4


def test_light_checkpoint_is_256_px_unless_told(tmp_path: Path) -> None:
    path = saved(published(), tmp_path / "x.pt")
    assert load_model(path).image_size == 256
    assert load_model(path, image_size=96).image_size == 96


def test_full_checkpoint_of_another_size_than_told_is_refused(tmp_path: Path) -> None:
    path = saved(published(light=False), tmp_path / "x.pt")
    with pytest.raises(WeightsError, match="for 64 px, not 128 px"):
        load_model(path, image_size=128)


def test_further_entries_are_ignored(tmp_path: Path) -> None:
    extra = {"epoch": 7, "lr": 1e-4, "note": "hello", "history": [1.0, 2.0], "optimizer": {"state": {0: torch.ones(3)}}}
    model = load_model(saved({**published(), **extra}, tmp_path / "x.pt"), domains=("cat", "dog"))
    assert model.domains == ("cat", "dog")


def test_prefix_of_data_parallel_is_taken_off(tmp_path: Path) -> None:
    plain = published()
    wrapped = {name: {f"module.{key}": value for key, value in state.items()} for name, state in plain.items()}
    ours = load_model(saved(wrapped, tmp_path / "x.pt")).state_dict()
    theirs = load_model(saved(plain, tmp_path / "y.pt")).state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_numbers_of_other_lengths_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    checkpoint = {name: {k: v.to(dtype) for k, v in state.items()} for name, state in published().items()}
    model = load_model(saved(checkpoint, tmp_path / "x.pt"))
    assert {value.dtype for value in model.state_dict().values()} == {torch.float32}


def test_parameters_are_taken_like_tensors(tmp_path: Path) -> None:
    checkpoint = published()
    checkpoint["genA2B"] = torch.nn.ParameterDict({k.replace(".", "|"): v for k, v in checkpoint["genA2B"].items()})
    checkpoint["genA2B"] = {k.replace("|", "."): v for k, v in checkpoint["genA2B"].items()}
    assert load_model(saved(checkpoint, tmp_path / "x.pt")).domains == ("A", "B")


def test_tied_weights_can_be_saved_again(tmp_path: Path) -> None:
    checkpoint = published()
    checkpoint["genB2A"] = checkpoint["genA2B"]
    source = saved(checkpoint, tmp_path / "x.pt")
    assert main(["import", str(source), "--output", str(tmp_path / "out")]) == 0
    state = load_model(tmp_path / "out").state_dict()
    assert torch.equal(state["generator_ab.to_rgb.weight"], state["generator_ba.to_rgb.weight"])


@pytest.mark.parametrize("half", [False, True])
def test_import_writes_a_folder_that_computes_the_same(tmp_path: Path, half: bool) -> None:
    source = saved(published(), tmp_path / "x.pt")
    options = ["--domains", "flat", "clay", "--image-size", "64", *(["--half"] if half else [])]
    assert main(["import", str(source), "--output", str(tmp_path / "out"), *options]) == 0
    model, original = load_model(tmp_path / "out"), load_model(source)
    assert model.domains == ("flat", "clay")
    assert model.image_size == 64
    picture = torch.rand(1, 3, 64, 64) * 2 - 1
    ours, theirs = model.translate(picture, to="clay").image, original.translate(picture, to="B").image
    assert torch.equal(ours, theirs) or (half and distance(ours, theirs) < 0.05)


Spoil = Callable[[dict[str, Any]], object]


def changed(network: str, **tensors: Tensor | None) -> Spoil:
    """A checkpoint in which some of a network's tensors are others, or gone; `_` in names stands for a dot."""

    def spoil(checkpoint: dict[str, Any]) -> object:
        for name, tensor in tensors.items():
            key = name.replace("__", ".")
            checkpoint[network].pop(key)
            if tensor is not None:
                checkpoint[network][key] = tensor
        return checkpoint

    return spoil


NOT_PUBLISHED: dict[str, tuple[Spoil, str]] = {
    "list": (lambda _: [1, 2, 3], "holds: a list without names"),
    "tensor": (lambda _: torch.ones(3), "holds: a Tensor without names"),
    "none": (lambda _: None, "holds: a NoneType"),
    "number keys": (lambda _: {1: 2, (3, 4): 5}, r"holds: 1, \(3, 4\)"),
    "classifier": (lambda _: {"conv1.weight": torch.ones(64, 3, 7, 7), "fc.bias": torch.ones(10)}, "conv1.weight"),
    "pix2pix": (lambda _: {"model.model.0.weight": torch.ones(4, 3, 4, 4)}, "model.model.0.weight"),
    "long keys": (lambda _: {"a\n" * 10_000: 1}, "holds: a"),
    "five networks": (lambda c: {k: v for k, v in c.items() if k != "disLB"}, "is not a published"),
    "network that is a list": (lambda c: {**c, "disLB": [1]}, "disLB must be a state dict, got list"),
    "empty networks": (lambda c: {name: {} for name in c}, "has no usable 'DownBlock.1.weight'"),
    "critics for generators": (lambda c: {**c, "genA2B": critic_state(2, 5)}, "genA2B has no usable|genA2B and genB2A"),
    "lacking": (changed("disLA", conv1x1__bias=None), "disLA lacks 'conv1x1.bias'"),
    "foreign": (lambda c: {**c, "genB2A": {**c["genB2A"], "x\n": torch.ones(1)}}, "genB2A holds 'x.{1,2}n'"),
    "number": (lambda c: {**c, "genB2A": {**c["genB2A"], "x": 3}}, "genB2A: x is not a tensor"),
    "integers": (changed("genA2B", conv1x1__bias=torch.ones(12, dtype=torch.int32)), "not a tensor of floating"),
    "complex": (changed("genA2B", conv1x1__bias=torch.ones(12, dtype=torch.complex64)), "not a tensor of floating"),
    "nan": (changed("disGB", conv1x1__bias=torch.full((16,), torch.nan)), "not finite"),
    "overflow": (changed("disGB", conv1x1__bias=torch.full((16,), 1e300, dtype=torch.float64)), "not finite"),
    "unlike generators": (lambda c: {**c, "genB2A": generator_state(5, 1, True, 64)}, "genA2B and genB2A are of diff"),
    "unlike critics": (lambda c: {**c, "disLB": critic_state(3, 3)}, "disLA and disLB are of different sizes"),
    "unlike depths": (lambda c: {**c, "disGB": critic_state(2, 6)}, "disGB holds|are of different sizes"),
    "misshapen": (
        lambda c: {**c, **{n: {**c[n], "FC.2.weight": torch.ones(12, 5)} for n in ("genA2B", "genB2A")}},
        r"is \(12, 5\), the config wants \(12, 12\)",
    ),
    "no square": (changed("genA2B", FC__0__weight=torch.ones(12, 12 * 7)), "no square picture|different sizes"),
    "no width": (changed("genA2B", DownBlock__1__weight=torch.ones(0, 3, 7, 7)), "different sizes|ngf"),
    "flat convolution": (changed("genA2B", DownBlock__1__weight=torch.ones(3)), "different sizes|no usable"),
    "nothing to unfold": (
        lambda c: {**c, **{n: {**c[n], "FC.0.weight": torch.ones(12, 0)} for n in ("genA2B", "genB2A")}},
        "0 inputs, which no square",
    ),
    "endless width": (
        lambda c: {
            **c,
            **{n: {**c[n], "DownBlock.1.weight": torch.ones(10**6, 1, 1, 0)} for n in ("genA2B", "genB2A")},
        },
        "ngf must lie",
    ),
    "endless picture": (
        lambda c: {**c, **{n: {**c[n], "FC.0.weight": torch.ones(0, 12 * 10**10)} for n in ("genA2B", "genB2A")}},
        "image_size must be a multiple of 4 from 32 to 4096, got 400000",
    ),
}


@pytest.mark.parametrize("case", NOT_PUBLISHED)
def test_what_is_no_published_checkpoint_is_named(
    tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, match = NOT_PUBLISHED[case]
    assert_refused(saved(spoil(published()), tmp_path / "foreign.pt"), tmp_path / "out", match, capsys)


def test_checkpoints_of_other_papers_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unet = {"model.model.0.weight": torch.ones(4, 3, 4, 4), "model.model.1.model.1.weight": torch.ones(8, 4, 4, 4)}
    others = [saved(unet, tmp_path / "latest_net_G.pth"), *FURTHER.glob("*/*.pth"), *FURTHER.glob("*/*.ckpt")]
    for path in others:
        assert_refused(path, tmp_path / "out", "is not a published U-GAT-IT checkpoint", capsys)
