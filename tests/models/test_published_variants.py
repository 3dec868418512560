"""Published CycleGAN and pix2pix checkpoints of all variants: generator, norm, critic, with dropout or without."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.published_files import assert_refused
from tests.published_networks import State, patch_critic, pixel_critic, resnet, unet, with_old_statistics, wrapped
from tests.tiny import pictures
from ugatit import load_model
from ugatit.errors import WeightsError
from ugatit.models import CycleGAN, Pix2Pix

Make = Callable[[], nn.Module]


def save(folder: Path, change: Callable[[nn.Module], State] | None = None, **networks: nn.Module) -> Path:
    for name, network in networks.items():
        state = change(network) if change else network.state_dict()
        torch.save(state, folder / f"latest_{name}.pth")
    return folder


def assert_near(ours: Tensor, theirs: Tensor) -> None:
    assert (ours - theirs).abs().max() <= 1e-4 * theirs.abs().max()


def cyclegan_networks(generator: Make, critic: Make) -> dict[str, nn.Module]:
    torch.manual_seed(0)
    return {"net_G_A": generator(), "net_G_B": generator(), "net_D_A": critic(), "net_D_B": critic()}


def assert_cyclegan_agrees(folder: Path, networks: dict[str, nn.Module]) -> CycleGAN:
    model = load_model(folder, "cpu")
    assert isinstance(model, CycleGAN)
    picture = pictures(2, 32)
    for way, to in (("A", "B"), ("B", "A")):
        assert_near(model.translate(picture, to).image, networks[f"net_G_{way}"](picture))
        # D_A is named after its generator: it judges B.
        assert_near(model.critics(to)["patch"](picture).patch_logits, networks[f"net_D_{way}"](picture))
    return model


@pytest.mark.parametrize(
    ("generator", "critic", "settings"),
    [
        (resnet, patch_critic, ("resnet", "instance", 3)),
        (lambda: resnet(dropout=True), lambda: patch_critic(1), ("resnet", "instance", 1)),
        (lambda: resnet(norm="batch", blocks=1), lambda: patch_critic(2, norm="batch"), ("resnet", "batch", 2)),
        (lambda: resnet(norm="batch", dropout=True), lambda: pixel_critic(norm="batch"), ("resnet", "batch", 0)),
        (lambda: unet(norm="instance"), pixel_critic, ("unet", "instance", 0)),
        (lambda: unet(norm="batch", dropout=True), lambda: patch_critic(norm="batch"), ("unet", "batch", 3)),
    ],
)
@torch.inference_mode()
def test_cyclegan_has_either_generator_norm_and_critic(
    generator: Make, critic: Make, settings: tuple[object, ...], tmp_path: Path
) -> None:
    networks = cyclegan_networks(generator, critic)
    model = assert_cyclegan_agrees(save(tmp_path, **networks), networks)
    config = model.config
    assert (config.generator, config.norm, config.layers) == settings
    # What a U-Net's size was does not show; the published ones halve it to a single cell.
    assert (model.image_size, model.canvas_rule().square) == ((32, 32) if config.generator == "unet" else (256, None))


@pytest.mark.parametrize("generator", [resnet, lambda: unet(norm="instance")])
@pytest.mark.parametrize(
    "change",
    [with_old_statistics, lambda network: wrapped(with_old_statistics(network)), lambda n: n.half().state_dict()],
    ids=["old statistics", "prefix", "half"],
)
@torch.inference_mode()
def test_keys_and_numbers_of_other_versions_load(
    generator: Make, change: Callable[[nn.Module], State], tmp_path: Path
) -> None:
    networks = cyclegan_networks(generator, patch_critic)
    save(tmp_path, change, **networks)
    for network in networks.values():
        network.float()
    assert_cyclegan_agrees(tmp_path, networks)


@pytest.mark.parametrize(
    ("generator", "critic", "noise"),
    [
        (lambda: resnet(norm="batch", dropout=True), lambda: patch_critic(norm="batch", channels=6), True),
        (lambda: resnet(norm="batch"), lambda: pixel_critic(norm="batch", channels=6), False),
        (lambda: resnet(channels=(1, 3), dropout=True), lambda: patch_critic(1, channels=4), True),
        (lambda: resnet(channels=(3, 1), blocks=0), lambda: patch_critic(2, channels=4), False),
        (lambda: unet(channels=(1, 3)), lambda: patch_critic(2, norm="batch", channels=4), True),
        (lambda: unet(norm="instance", dropout=True), lambda: pixel_critic(channels=6), True),
    ],
)
@torch.inference_mode()
def test_pix2pix_has_either_generator_norm_and_critic(
    generator: Make, critic: Make, noise: bool, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    networks = {"net_G": generator(), "net_D": critic()}
    model = load_model(save(tmp_path, **networks), "cpu")
    assert isinstance(model, Pix2Pix)
    config = model.config
    assert config.noise == noise
    source = pictures(1, 32).mean(1, keepdim=True).expand(-1, 3, -1, -1) if config.inputs == 1 else pictures(1, 32)
    expected = networks["net_G"](source[:, : config.inputs])
    image = model.translate(source, "B", noise=False, statistics="running").image
    assert_near(image[:, : config.outputs], expected)
    scores = model.critics("B")["patch"](source, image, statistics="running").patch_logits
    beside = torch.cat([source[:, : config.inputs], image[:, : config.outputs]], dim=1)
    assert_near(scores, networks["net_D"](beside))


GENERATORS: dict[str, Make] = {"net_G_A": resnet, "net_G_B": resnet}


class Mask(nn.Module):
    """Dropout with a given mask."""

    def __init__(self, mask: Tensor) -> None:
        super().__init__()
        self.mask = mask

    def forward(self, features: Tensor) -> Tensor:
        return torch.where(self.mask, 2 * features, 0)


@torch.inference_mode()
def test_noise_of_a_resnet_is_where_the_published_dropout_is(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = resnet(norm="batch", dropout=True).train()
    model = load_model(save(tmp_path, net_G=network, net_D=patch_critic(1, norm="batch", channels=6)), "cpu")
    source = pictures(1, 32)
    masks = model.generator.draw_noise(1, (32, 32), torch.Generator().manual_seed(5))
    for place, mask in enumerate(masks):
        network.model[10 + place].conv_block[4] = Mask(mask)
    noisy = model.translate(source, "B", seed=5).image
    assert_near(noisy, network(source))
    assert (noisy - model.translate(source, "B", noise=False).image).abs().max() > 0.01
    # Alone or among others, of another size too: one mask for all.
    assert_near(model.translate(torch.cat([source, -source]), "B", seed=5).image[:1], noisy)
    assert model.translate(pictures(1, 64)[..., :40], "B").image.shape == (1, 3, 64, 40)


@pytest.mark.parametrize(
    ("networks", "match"),
    [
        ({"net_G_A": resnet, "net_G_B": lambda: resnet(blocks=1)}, "differ in blocks, 2 and 1: they are not of one"),
        ({"net_G_A": resnet, "net_G_B": lambda: unet(norm="instance")}, "differ in blocks, 2 and none"),
        ({"net_G_A": lambda: resnet(channels=(1, 3)), "net_G_B": resnet}, "net_G_A has inputs of 1 channels"),
        (
            {**GENERATORS, "net_D_A": lambda: patch_critic(channels=6), "net_D_B": patch_critic},
            "net_D_A has channels of 6 channels",
        ),
        (
            {**GENERATORS, "net_D_A": patch_critic, "net_D_B": pixel_critic},
            "net_D_A and net_D_B differ in layers, 3 and 0",
        ),
        (
            {
                "net_G_A": lambda: resnet(norm="batch"), "net_G_B": lambda: resnet(norm="batch"),
                "net_D_A": patch_critic, "net_D_B": patch_critic,
            },
            "net_G_A has batch norm, net_D_A instance norm: they are not of one run",
        ),
        ({"net_D_A": patch_critic, "net_D_B": patch_critic}, "net_G_A.pth is missing, there is only net_D_A, net_D_B"),
        ({"net_G": resnet, "net_D": patch_critic}, "net_D judges 3 channels, net_G takes and makes 6"),
        ({"net_G": patch_critic, "net_D": patch_critic}, "net_G is no published generator, neither a ResNet"),
        ({"net_G": resnet, "net_D": resnet}, "net_D is no published discriminator"),
        ({"net_D": patch_critic}, "net_G.pth is missing beside it"),
    ],
)  # fmt: skip
def test_networks_that_make_no_model_are_refused(
    networks: dict[str, Make], match: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, **{name: make() for name, make in networks.items()})
    assert_refused(
        tmp_path / f"latest_{max(networks, key=lambda name: 'G' in name)}.pth", tmp_path / "out", match, capsys
    )


def test_a_truncated_file_beside_a_whole_one_is_named(tmp_path: Path) -> None:
    save(tmp_path, net_G=resnet(dropout=True), net_D=patch_critic(channels=6))
    critic = tmp_path / "latest_net_D.pth"
    critic.write_bytes(critic.read_bytes()[:500])
    with pytest.raises(WeightsError, match=r"latest_net_D\.pth is"):
        load_model(tmp_path)


def test_weights_of_a_variant_are_saved_and_come_back(tmp_path: Path) -> None:
    for name, networks in (
        ("cycle", cyclegan_networks(lambda: unet(norm="instance"), pixel_critic)),
        ("pairs", {"net_G": resnet(dropout=True, channels=(1, 3)), "net_D": patch_critic(1, channels=4)}),
    ):
        (tmp_path / name).mkdir()
        model = load_model(save(tmp_path / name, **networks), "cpu")
        model.save_pretrained(tmp_path / f"{name} saved")
        again = load_model(tmp_path / f"{name} saved", "cpu")
        assert again.config == model.config
        assert all(torch.equal(again.state_dict()[key], value) for key, value in model.state_dict().items())
