"""Generators and critics as a whole: accepted and rejected sizes, parameter counts, shapes and ranges."""

import re

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import pictures, tiny_config, tiny_model
from ugatit.errors import ConfigError, PictureError
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.networks.ugatit import Discriminator, Generator, init_weights


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (lambda: Generator(256, 64, 4, light=False), 278_959_808),
        (lambda: Generator(256, 64, 4, light=True), 10_589_888),
        (lambda: Discriminator(64, 7), 53_130_176),
        (lambda: Discriminator(64, 5), 3_290_560),
        (lambda: UGATIT(UGATITConfig(light=False)), 670.76e6),
        (lambda: UGATIT(UGATITConfig(light=True)), 134.02e6),
    ],
    ids=["full generator", "light generator", "global critic", "local critic", "full model", "light model"],
)
def test_networks_have_as_many_parameters_as_published(build: object, count: float) -> None:
    with torch.device("meta"):
        network: nn.Module = build()
    total = sum(parameter.numel() for parameter in network.parameters())
    # The sizes of whole models are published in millions, to two decimals.
    assert (round(total / 1e6, 2) == count / 1e6) if isinstance(count, float) else (total == count)


@pytest.mark.parametrize("size", [(8, 8), (8, 12), (20, 8), (36, 64)])
def test_light_generator_takes_any_multiples_of_four_from_eight(size: tuple[int, int]) -> None:
    height, width = size
    output = tiny_model().generator_ab(torch.rand(2, 3, *size) * 2 - 1)
    assert output.image.shape == (2, 3, height, width)
    assert output.image.abs().max() <= 1
    assert output.cam_logits.shape == (2, 2)
    assert output.attention_map.shape == (2, 1, height // 4, width // 4)


@pytest.mark.parametrize(("height", "width"), [(4, 8), (8, 4), (30, 32), (32, 33), (0, 8)])
def test_light_generator_names_a_size_it_cannot_take(height: int, width: int) -> None:
    with pytest.raises(PictureError, match=rf"multiples of 4 from 8 up, got {width}x{height}"):
        tiny_model().generator_ab(torch.zeros(1, 3, height, width))


def test_full_generator_takes_only_its_own_size() -> None:
    model = tiny_model(light=False)
    assert model.canvas_rule().square == 32
    assert model.generator_ab(pictures(1)).image.shape == (1, 3, 32, 32)
    with pytest.raises(PictureError, match=r"takes 32x32 pictures, got 36x32"):
        model.generator_ab(torch.zeros(1, 3, 32, 36))


@pytest.mark.parametrize(("layers", "side"), [(5, 24), (6, 48), (7, 96)])
def test_critic_takes_its_smallest_side_and_names_a_smaller_one(layers: int, side: int) -> None:
    critic = Discriminator(1, layers).eval()
    assert critic.min_side == side
    assert critic(torch.zeros(1, 3, side, side)).patch_logits.shape == (1, 1, 1, 1)
    assert critic(torch.zeros(1, 3, side, side + 5)).patch_logits.isfinite().all()
    with pytest.raises(
        PictureError, match=rf"of {layers} layers needs sides of {side} px or more, got {side}x{side - 1}"
    ):
        critic(torch.zeros(1, 3, side - 1, side))


@pytest.mark.parametrize("image_size", [32, 36, 64, 100, 128])
def test_all_networks_accept_the_sizes_of_the_canvas_rule(image_size: int) -> None:
    model = tiny_model(image_size=image_size, ngf=1, ndf=1, blocks=0).eval()
    rule = model.canvas_rule()
    assert rule.square is None
    sides = [rule.min_side + rule.multiple * step for step in (0, 1, 2, 5)]
    for height in sides:
        for width in sides:
            for to in model.targets:
                translated = model.translate(torch.zeros(1, 3, height, width), to).image
                for critic in model.critics(to).values():
                    assert critic(translated).patch_logits.isfinite().all()


@pytest.mark.parametrize(
    ("size", "layers"), [(256, (7, 5)), (128, (6, 4)), (64, (5, 3)), (32, (4, 3)), (512, (8, 6)), (100, (5, 3))]
)
def test_depth_of_the_critics_follows_the_size(size: int, layers: tuple[int, int]) -> None:
    config = UGATITConfig(image_size=size)
    assert (config.global_layers, config.local_layers) == layers


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Generator(32, 0, 1, True), "width must be at least 1, got 0"),
        (lambda: Generator(32, 1, -1, True), "blocks must be at least 0, got -1"),
        (lambda: Generator(30, 1, 1, True), "image_size must be a multiple of 4, got 30"),
        (lambda: Generator(4, 1, 1, True), "image_size must be at least 8, got 4"),
        (lambda: Discriminator(1, 2), "layers must be at least 3, got 2"),
        (lambda: Discriminator(0, 3), "width must be at least 1, got 0"),
    ],
)
def test_impossible_networks_are_refused(build: object, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        build()


def test_pictures_of_a_batch_are_translated_as_if_alone() -> None:
    model, photos = tiny_model().eval(), pictures(3)
    together = model.translate(photos, "square").image
    alone = torch.cat([model.translate(photo[None], "square").image for photo in photos])
    assert (together - alone).abs().max() < 1e-4


def test_initial_weights_follow_the_seed() -> None:
    first, again, other = tiny_model(3), tiny_model(3), tiny_model(4)
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert not torch.equal(first.generator_ab.to_rgb.weight, other.generator_ab.to_rgb.weight)


def test_initial_weights_leave_gamma_large_enough_to_pass_something_on() -> None:
    torch.manual_seed(0)
    generator = Generator(32, 16, 1, light=True)
    init_weights(generator)
    attended = generator.attention(generator.encoder(pictures()))
    gamma, _ = generator.modulation(attended.features)
    assert gamma.abs().mean() > 1e-3


def test_biases_begin_at_zero() -> None:
    biases = [p for name, p in tiny_model().named_parameters() if name.endswith("bias")]
    assert biases
    assert not any(bias.any() for bias in biases)


def test_generators_and_critics_have_their_own_widths() -> None:
    model = UGATIT(tiny_config(ngf=8, ndf=4))
    assert model.generator_ab.to_rgb.in_channels == 8
    assert model.global_a.encoder[0].weight.shape[0] == 4


@torch.no_grad()
def change_under_tint(tint: Tensor, keep_colors: bool) -> Tensor:
    """What a tint of the source, (3,), changes in a random generator's output, (1, 3, 32, 32)."""
    torch.manual_seed(0)
    generator = Generator(32, 8, 1, light=True, keep_colors=keep_colors).eval()
    picture = torch.rand(1, 3, 32, 32) * 0.4 - 0.2
    return generator(picture + tint.reshape(1, 3, 1, 1)).image - generator(picture).image


def test_keep_colors_follows_a_tint_that_normalisation_hides() -> None:
    red, green, blue = change_under_tint(torch.tensor([0.5, 0.0, -0.5]), keep_colors=True).mean(dim=(0, 2, 3))
    assert red > 0.3
    assert abs(green) < 0.1
    assert blue < -0.3


def test_without_keep_colors_a_tint_leaves_no_trace() -> None:
    assert change_under_tint(torch.full((3,), 0.5), keep_colors=False).abs().max() < 1e-3


@pytest.mark.parametrize("level", [-1.0, 0.0, 1.0])
def test_keep_colors_stays_finite_on_a_plain_picture(level: float) -> None:
    generator = Generator(32, 4, 1, light=True, keep_colors=True)
    picture = torch.full((1, 3, 32, 32), level, requires_grad=True)
    image = generator(picture).image
    image.sum().backward()
    assert image.isfinite().all()
    assert picture.grad is not None
    assert picture.grad.isfinite().all()


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("keep_colors", [True, False])
def test_generator_encodes_attends_and_decodes(light: bool, keep_colors: bool) -> None:
    generator, photos = tiny_model(light=light, keep_colors=keep_colors).generator_ab, pictures()
    attended = generator.attention(generator.encode(photos)).features
    image = generator.decode(attended, generator.modulation(attended), photos)
    assert torch.equal(image, generator(photos).image)


@torch.no_grad()
def test_a_replaced_rho_acts_like_a_learned_one() -> None:
    generator, photos = tiny_model().generator_ab, pictures()
    attended = generator.attention(generator.encode(photos)).features
    rho = {name: torch.rand_like(learned) for name, learned in generator.rho().items()}
    replaced = generator.decode(attended, generator.modulation(attended), photos, rho)
    assert not torch.equal(replaced, generator(photos).image)
    for name, learned in generator.rho().items():
        learned.copy_(rho[name])
    assert torch.equal(replaced, generator(photos).image)


def test_critic_scores_its_attended_features() -> None:
    critic, photos = tiny_model().eval().local_a, pictures()
    attended = critic.attention(critic.features(photos)).features
    assert torch.equal(critic.score(attended), critic(photos).patch_logits)
