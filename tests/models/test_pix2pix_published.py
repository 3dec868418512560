"""Published pix2pix checkpoints: outputs and training as published, settings from shapes, damaged files refused."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.tiny import ROOT
from ugatit import losses
from ugatit.errors import WeightsError
from ugatit.models.pix2pix_published import (
    convert_critic,
    convert_generator,
    is_published_critic,
    is_published_generator,
)
from ugatit.networks.pix2pix import PatchDiscriminator, UNetGenerator

GOLDEN = ROOT / "tests" / "golden"
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
        scores = critic(state_of(name))(source, target, statistics="running").patch_logits
        assert_near(scores, arrays[f"{key}(input,target)(eval mode)"])


def test_three_published_updates_agree() -> None:
    arrays = golden("pix2pix_unet128_training")
    net_g, net_d = generator(state_of("latest_net_G")), critic(state_of("latest_net_D"))
    step_g, step_d = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (net_g, net_d))
    for number in range(3):
        source, target = arrays[f"real_A.{number}"], arrays[f"real_B.{number}"]
        fake = net_g(source, noise=False).image
        terms = {
            "D_fake": losses.cross_entropy(net_d(source, fake.detach()).patch_logits, False),
            "D_real": losses.cross_entropy(net_d(source, target).patch_logits, True),
        }
        step_d.zero_grad()
        (sum(terms.values()) / 2).backward()
        step_d.step()
        terms["G_GAN"] = losses.cross_entropy(net_d(source, fake).patch_logits, True)
        terms["G_L1"] = 100 * losses.l1(fake, target)
        step_g.zero_grad()
        (terms["G_GAN"] + terms["G_L1"]).backward()
        step_g.step()
        for name, term in terms.items():
            assert_near(term.detach(), arrays[f"loss.{name}.{number}"])
    with torch.inference_mode():
        source, target = arrays["real_A.0"], arrays["real_B.0"]
        after = arrays["after.net_G(real_A.0)(own statistics, no dropout)"]
        assert_near(net_g(source, noise=False).image, after)
        after = arrays["after.net_D(real_A.0,real_B.0)(own statistics)"]
        assert_near(net_d(source, target).patch_logits, after)


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
    assert is_published_generator(wrapped)
    weights = convert_generator(OrderedDict(wrapped)).weights
    assert torch.equal(weights["encoder.0.conv.weight"], state["model.model.0.weight"])
    assert weights["encoder.1.norm.num_batches_tracked"] == 0


def test_networks_are_told_apart() -> None:
    unet, patches, pixels = (state_of(f"latest_{name}") for name in ("net_G", "net_D", "pixel_D"))
    resnet = {"model.1.weight": torch.ones(4, 3, 7, 7)}
    assert [is_published_generator(state) for state in (unet, patches, pixels, resnet, 3)] == [True] + 4 * [False]
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
    "resnet": (lambda _: {"model.1.weight": torch.ones(4, 3, 7, 7)}, "a ResNet generator, which is not read here"),
    "classifier": (lambda _: {"fc\n.weight": torch.ones(3)}, "no published U-Net: its first entry is 'fc"),
    "lacking": (lambda s: {k: v for k, v in s.items() if k != f"{INNER}.2.bias"}, f"net_G lacks '{INNER}.2.bias'"),
    "cut off": (lambda s: dict(list(s.items())[:12]), "net_G has no usable|impossible sizes|lacks"),
    "unknown": (with_entry("model.extra", torch.ones(1)), "holds 'model.extra', which pix2pix does not know"),
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
        (with_entry("model.0.weight", torch.ones(4, 9, 4, 4)), "channels must be from 2 to 6, got 9"),
    ],
)
def test_damaged_critic_is_refused(change: Change, match: str) -> None:
    with pytest.raises(WeightsError, match=match):
        convert_critic(change(state_of("latest_net_D")))
