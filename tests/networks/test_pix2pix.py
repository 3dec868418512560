"""Networks of pix2pix: sizes, receptive fields, noise by the seed, and pictures of a batch as if alone."""

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import pictures
from ugatit.errors import ConfigError, PictureError
from ugatit.networks.norms import init_weights
from ugatit.networks.pix2pix import ConditionalDiscriminator, UNetGenerator, with_channels


def generator(levels: int = 6, seed: int = 0, **options: object) -> UNetGenerator:
    torch.manual_seed(seed)
    network = UNetGenerator(levels, 2, **options)
    init_weights(network)
    with torch.no_grad():  # the first weights hardly show the noise
        for parameter in network.parameters():
            parameter.mul_(5 if parameter.dim() > 1 else 1)
    return network.eval()


@pytest.mark.parametrize(("levels", "millions"), [(8, 54.414), (7, 41.829)])
def test_u_net_has_as_many_parameters_as_published(levels: int, millions: float) -> None:
    with torch.device("meta"):
        network: nn.Module = UNetGenerator(levels, 64)
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 3) == millions


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 3), (3, 1), (3, 3)])
@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_pictures_of_one_and_three_channels(inputs: int, outputs: int, norm: str) -> None:
    source = pictures(2, 64)
    output = generator(inputs=inputs, outputs=outputs, norm=norm)(source)
    assert output.image.shape == (2, outputs, 64, 64)
    assert output.image.abs().max() <= 1
    assert output.attention_map is None
    assert output.features.shape == (2, 16, 1, 1)
    critic = ConditionalDiscriminator(1, 2, inputs, outputs, norm)
    assert critic(source, output.image).patch_logits.shape == (2, 1, 30, 30)


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_pictures_of_a_batch_are_treated_as_if_alone(norm: str) -> None:
    network, critic = generator(norm=norm), ConditionalDiscriminator(2, 2, norm=norm).eval()
    photos, answers = pictures(3, 64), pictures(3, 64, seed=5)
    with torch.inference_mode():
        images = torch.cat([network(photo[None]).image for photo in photos])
        assert (network(photos).image - images).abs().max() < 1e-6
        scores = [critic(p[None], a[None]).patch_logits for p, a in zip(photos, answers, strict=True)]
        assert (critic(photos, answers).patch_logits - torch.cat(scores)).abs().max() < 1e-5


@torch.inference_mode()
def test_noise_is_dropout_of_one_half() -> None:
    network, photo = generator(7), pictures(1, 128)
    assert network.noisy_levels == range(1, 3)
    assert UNetGenerator(8, 1).noisy_levels == range(1, 4)
    seed = torch.Generator().manual_seed(0)
    masks = network.draw_noise(2, (128, 128), seed)
    assert [tuple(mask.shape) for mask in masks] == [(2, 16, 4, 4), (2, 16, 8, 8)]
    assert all(0.4 < mask.float().mean() < 0.6 for mask in masks)
    assert not torch.equal(masks[0][0], masks[0][1])
    plain = network(photo).image
    assert not torch.equal(network(photo, [mask[:1] for mask in masks]).image, plain)
    whole = [torch.ones_like(mask[:1]) for mask in masks]
    assert not torch.equal(network(photo, whole).image, plain), "what is kept is doubled"


def test_statistics_of_a_batch_of_one_are_the_pictures_own() -> None:
    network, photo = generator(), pictures(1, 64)
    torch.testing.assert_close(network(photo, statistics="batch").image, network(photo).image)


def test_grey_is_pillows() -> None:
    grey = with_channels(torch.tensor([1.0, -1.0, 0.5])[None, :, None, None], 1)
    assert grey.item() == pytest.approx(0.299 - 0.587 + 0.057)
    assert torch.equal(with_channels(grey, 3), grey.expand(1, 3, 1, 1))


WRONG: list[tuple[object, type[Exception], str]] = [
    (lambda: UNetGenerator(4, 1), ConfigError, "levels must be from 5 to 12, got 4"),
    (lambda: UNetGenerator(8, 0), ConfigError, "width must be at least 1, got 0"),
    (lambda: UNetGenerator(8, 1, inputs=2), ConfigError, "inputs must be 1 or 3 channels, got 2"),
    (lambda: UNetGenerator(8, 1, norm="layer"), ConfigError, "norm must be instance or batch, got 'layer'"),
    (lambda: ConditionalDiscriminator(-1, 1), ConfigError, "layers must be from 0 to 8, got -1"),
    (lambda: ConditionalDiscriminator(3, 1, inputs=4), ConfigError, "inputs must be 1 or 3 channels, got 4"),
    (lambda: generator()(torch.zeros(1, 3, 64, 96)), PictureError, "multiples of 64, got 96x64"),
    (lambda: generator()(pictures(1, 64), statistics="mine"), ConfigError, "picture, batch or running, got 'mine'"),
    (
        lambda: ConditionalDiscriminator(0, 1)(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 9)),
        PictureError,
        "of one size: the source is 8x8, the picture 9x8",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_what_does_not_fit_is_named(call: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_gradients_reach_every_parameter() -> None:
    network, critic = UNetGenerator(6, 1).train(), ConditionalDiscriminator(1, 1).train()
    photos: Tensor = pictures(2, 64)
    critic(photos, network(photos, network.draw_noise(2, (64, 64))).image).patch_logits.mean().backward()
    assert all(parameter.grad is not None for net in (network, critic) for parameter in net.parameters())


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_half_precision_is_near_full_precision(norm: str) -> None:
    network, photos = generator(norm=norm), pictures(2, 64)
    critic = ConditionalDiscriminator(2, 2, norm=norm).eval()
    with torch.inference_mode():
        expected = network(photos).image
        scores = critic(photos, expected).patch_logits
        with torch.autocast("cpu", torch.bfloat16):
            assert (network(photos).image - expected).abs().mean() < 0.05
            rough = critic(photos, expected).patch_logits
    assert rough.dtype == torch.float32
    assert (rough - scores).abs().mean() < 0.05
