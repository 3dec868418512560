"""Published pix2pix checkpoints: outputs and training as published, settings from shapes, damaged files refused."""

import shutil
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.published_training import BOUND, differences
from tests.tiny import ROOT
from ugatit import load_model
from ugatit.errors import WeightsError
from ugatit.models import Pix2Pix, generator_published, patchgan_published
from ugatit.models.patchgan_published import is_published_critic
from ugatit.models.published_state import PublishedNetwork
from ugatit.models.unet_published import is_published_unet
from ugatit.networks.patchgan import PatchDiscriminator
from ugatit.networks.pix2pix import UNetGenerator

GOLDEN = ROOT / "tests" / "golden"
CHECKPOINT = GOLDEN / "pix2pix_unet128"
State = dict[str, Any]


def state_of(name: str) -> State:
    return dict(torch.load(GOLDEN / "pix2pix_unet128" / f"{name}.pth", weights_only=True))


def golden(name: str) -> dict[str, Tensor]:
    with np.load(GOLDEN / f"{name}.npz") as arrays:
        return {key: torch.from_numpy(arrays[key]) for key in arrays}


def generator(state: State) -> UNetGenerator:
    published = convert_generator(state)
    network = UNetGenerator(**published.settings)
    network.load_state_dict(published.weights)
    return network.eval()


def convert_generator(state: object) -> PublishedNetwork:
    return generator_published.convert_generator("net_G", state)


def convert_critic(state: object) -> PublishedNetwork:
    return patchgan_published.convert_critic("net_D", state)


def critic(state: State) -> PatchDiscriminator:
    published = convert_critic(state)
    network = PatchDiscriminator(**published.settings)
    network.load_state_dict(published.weights)
    return network.eval()


def assert_near(ours: Tensor, theirs: Tensor) -> None:
    assert (ours - theirs).abs().max() <= 1e-4 * theirs.abs().max()


@torch.inference_mode()
def test_published_outputs_agree_in_eval_mode() -> None:
    arrays = golden("pix2pix_unet128")
    source, target = arrays["input"], arrays["target"]
    image = generator(state_of("latest_net_G"))(source, noise=False, statistics="running").image
    assert_near(image, arrays["net_G(eval mode)"])
    for name, key in (("latest_net_D", "net_D"), ("latest_pixel_D", "pixel_D")):
        scores = critic(state_of(name))(torch.cat([source, target], dim=1), "running").patch_logits
        assert_near(scores, arrays[f"{key}(input,target)(eval mode)"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_published_training_agrees(dtype: torch.dtype) -> None:
    found = differences(CHECKPOINT, GOLDEN / "pix2pix_unet128_training.npz", dtype)
    assert len(found) == 6
    assert max(found.values()) < BOUND, found


def test_checkpoint_is_loaded_by_its_folder_or_any_of_its_files() -> None:
    arrays = golden("pix2pix_unet128")
    for source in (CHECKPOINT, CHECKPOINT / "latest_net_G.pth", CHECKPOINT / "latest_net_D.pth"):
        model = load_model(source, "cpu")
        assert isinstance(model, Pix2Pix)
        assert (model.image_size, model.targets, model.config.layers) == (128, ("B",), 3)
        with torch.inference_mode():
            image = model.translate(arrays["input"], "B", noise=False, statistics="running").image
            scores = model.critics("B")["patch"](arrays["input"], arrays["target"], statistics="running").patch_logits
        assert_near(image, arrays["net_G(eval mode)"])
        assert_near(scores, arrays["net_D(input,target)(eval mode)"])


def test_generator_alone_translates_without_a_patch_map(tmp_path: Path) -> None:
    shutil.copy(CHECKPOINT / "latest_net_G.pth", tmp_path / "5_net_G.pth")
    shutil.copy(CHECKPOINT / "latest_net_G.pth", tmp_path / "10_net_G.pth")
    model = load_model(tmp_path, "cpu")
    assert isinstance(model, Pix2Pix)
    assert (dict(model.critics("B")), model.map_grids("B")) == ({}, {})


def test_networks_of_two_runs_are_refused(tmp_path: Path) -> None:
    shutil.copy(CHECKPOINT / "latest_net_G.pth", tmp_path / "latest_net_G.pth")
    torch.save(
        with_entry("model.0.weight", torch.ones(4, 3, 4, 4))(state_of("latest_net_D")), tmp_path / "latest_net_D.pth"
    )
    with pytest.raises(WeightsError, match="net_D judges 3 channels, net_G takes and makes 6: they are not of one run"):
        load_model(tmp_path, "cpu")


def test_settings_are_read_off_the_shapes() -> None:
    unet = {"levels": 7, "width": 4, "inputs": 3, "outputs": 3, "norm": "batch"}
    assert convert_generator(state_of("latest_net_G")).settings == unet
    patches = {"layers": 3, "width": 4, "channels": 6, "norm": "batch"}
    assert convert_critic(state_of("latest_net_D")).settings == patches
    assert convert_critic(state_of("latest_pixel_D")).settings == {**patches, "layers": 0}


def published_unet(network: UNetGenerator) -> State:
    """The network's weights under the published names."""
    state, prefix, inner = {}, "model.model", network.levels - 1
    weights = network.state_dict()
    for level in range(network.levels):
        down, up = (0, 3) if level == 0 else (1, 3) if level == inner else (1, 5)
        for theirs, ours in (
            (down, f"encoder.{level}.conv"),
            (2, f"encoder.{level}.norm"),
            (up, f"decoder.{inner - level}.conv"),
            (up + 1, f"decoder.{inner - level}.norm"),
        ):
            state |= {
                f"{prefix}.{theirs}.{key.rpartition('.')[2]}": weights[key] for key in weights if ours + "." in key
            }
        prefix += ".3.model" if level else ".1.model"
    return state


@pytest.mark.parametrize(("levels", "inputs", "outputs", "norm"), [(8, 1, 3, "batch"), (5, 3, 1, "instance")])
def test_other_sizes_channels_and_norms_are_read(levels: int, inputs: int, outputs: int, norm: str) -> None:
    network = UNetGenerator(levels, 2, inputs, outputs, norm)
    published = convert_generator(published_unet(network))
    settings = {"levels": levels, "width": 2, "inputs": inputs, "outputs": outputs, "norm": norm}
    assert published.settings == settings
    assert published.weights.keys() == network.state_dict().keys()
    assert all(torch.equal(published.weights[key], tensor) for key, tensor in network.state_dict().items())


def test_old_running_statistics_of_instance_norm_are_left_out() -> None:
    state = published_unet(UNetGenerator(5, 2, norm="instance"))
    old = {"model.model.1.model.2.running_mean": torch.zeros(4), "model.model.1.model.2.running_var": torch.ones(4)}
    assert convert_generator(state | old).settings["norm"] == "instance"
    with pytest.raises(WeightsError, match=r"holds 'model\.model\.0\.running_mean'"):
        convert_generator(state | {"model.model.0.running_mean": torch.zeros(4)})


def test_prefix_of_data_parallel_is_removed_and_old_counts_may_lack() -> None:
    state = state_of("latest_net_G")
    wrapped = {f"module.{key}": tensor for key, tensor in state.items() if "num_batches" not in key}
    assert is_published_unet(wrapped)
    weights = convert_generator(OrderedDict(wrapped)).weights
    assert torch.equal(weights["encoder.0.conv.weight"], state["model.model.0.weight"])
    assert not any("num_batches" in key for key in weights)


def test_networks_are_told_apart() -> None:
    unet, patches, pixels = (state_of(f"latest_{name}") for name in ("net_G", "net_D", "pixel_D"))
    resnet = {"model.1.weight": torch.ones(4, 3, 7, 7)}
    assert [is_published_unet(state) for state in (unet, patches, pixels, resnet, 3)] == [True] + 4 * [False]
    assert [is_published_critic(state) for state in (unet, patches, pixels, resnet, 3)] == [False, True, True] + 2 * [
        False
    ]


Change = Callable[[State], object]


def with_entry(key: str, value: object) -> Change:
    return lambda state: {**state, key: value}


INNER = "model.model.1.model.3.model"
DAMAGED: dict[str, tuple[Change, str]] = {
    "list": (lambda _: [1], "net_G must be a state dict with entries, got list"),
    "empty": (lambda _: {}, "must be a state dict with entries"),
    "number": (with_entry("x", 3), "net_G: x is not a tensor"),
    "integers": (with_entry("x", torch.ones(1, dtype=torch.int32)), "x is not a tensor of floating-point"),
    "cut resnet": (lambda _: {"model.1.weight": torch.ones(4, 3, 7, 7)}, "net_G has no usable 'model.17.weight'"),
    "critic": (lambda _: {"model.0.weight": torch.ones(4, 6, 4, 4)}, "neither a ResNet nor a U-Net: its first entry"),
    "classifier": (lambda _: {"fc\n.weight": torch.ones(3)}, "neither a ResNet nor a U-Net: its first entry is 'fc"),
    "lacking": (lambda s: {k: v for k, v in s.items() if k != f"{INNER}.2.bias"}, f"net_G lacks '{INNER}.2.bias'"),
    "cut off": (lambda s: dict(list(s.items())[:12]), "net_G has no usable|impossible sizes|lacks"),
    "unknown": (with_entry("model.extra", torch.ones(1)), "holds 'model.extra', which the model does not know"),
    "misshapen": (with_entry(f"{INNER}.2.bias", torch.ones(5)), r"is \(5,\), it should be \(16,\)"),
    "not finite": (with_entry(f"{INNER}.2.bias", torch.full((16,), torch.nan)), "numbers that are not finite"),
    "flat": (with_entry("model.model.0.weight", torch.ones(4)), "no usable 'model.model.0.weight'"),
    "no width": (with_entry("model.model.0.weight", torch.ones(0, 3, 4, 4)), "impossible sizes: width"),
    "four channels": (with_entry("model.model.0.weight", torch.ones(4, 4, 4, 4)), "inputs must be 1 or 3 channels"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_generator_is_refused(case: str) -> None:
    change, match = DAMAGED[case]
    with pytest.raises(WeightsError, match=match) as caught:
        convert_generator(change(state_of("latest_net_G")))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda _: state_of("latest_net_G"), "net_D is no published discriminator: its first entry is 'model.model.0"),
        (lambda s: {k: v for k, v in s.items() if not k.startswith("model.11.")}, "is|lacks"),
        (lambda s: {"model.0.weight": s["model.0.weight"]}, "has 1 convolutions; it needs three or more"),
        (with_entry("model.2.weight", torch.ones(8, 4, 3, 3)), r"'model.2.weight' is \(8, 4, 3, 3\)"),
        (with_entry("model.0.weight", torch.ones(4, 9, 4, 4)), "channels must be from 1 to 6, got 9"),
    ],
)
def test_damaged_critic_is_refused(change: Change, match: str) -> None:
    with pytest.raises(WeightsError, match=match):
        convert_critic(change(state_of("latest_net_D")))
