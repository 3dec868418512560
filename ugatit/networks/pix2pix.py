"""Generator and discriminator of pix2pix (Isola et al., CVPR 2017, section 3.2 and appendix 6.1)."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, relu, tanh

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.norms import NormedConv, Statistics
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.patchgan import PatchDiscriminator

MIN_LEVELS, MAX_LEVELS = 5, 12
CHANNELS = (1, 3)
LUMA = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in a grey picture (ITU-R BT.601, as Pillow does it)."""


class UNetGenerator(nn.Module):
    """U-Net: each level halves the picture, then doubles it; the decoder also sees the encoder's features of its size.

    levels: how often the size is halved, 8 for 256 px and 7 for 128 px. width: channels after the first convolution.
    inputs, outputs: channels of the pictures that go in and come out, 1 or 3. norm: batch or instance.
    The noise is dropout of 0.5 in the published code's levels: those of the decoder, but for the innermost one, that
    have 8 times the width on both sides. The paper (6.1) counts the innermost one too.
    Raises ConfigError for a value out of range.
    """

    def __init__(self, levels: int, width: int, inputs: int = 3, outputs: int = 3, norm: str = "batch") -> None:
        super().__init__()
        _check("levels", levels, MIN_LEVELS, MAX_LEVELS)
        _check("width", width, 1)
        check_channels(inputs=inputs, outputs=outputs)
        self.levels, self.width, self.inputs, self.outputs = levels, width, inputs, outputs
        bias = norm == "instance"
        widths = [inputs, *(width * min(2**level, 8) for level in range(levels))]
        # Neither the outermost nor the innermost level is normalised on the way in.
        self.encoder = nn.ModuleList(
            NormedConv(
                nn.Conv2d(widths[level], widths[level + 1], 4, 2, 1, bias=bias),
                norm if 0 < level < levels - 1 else "",
            )
            for level in range(levels)
        )
        self.decoder = nn.ModuleList(
            NormedConv(
                nn.ConvTranspose2d(
                    widths[level + 1] * (1 if level == levels - 1 else 2), widths[level] if level else outputs, 4, 2, 1,
                    bias=bias or not level,
                ),
                norm if level else "",
            )
            for level in reversed(range(levels))
        )  # fmt: skip

    def forward(
        self, picture: Tensor, noise: Sequence[Tensor] = (), statistics: Statistics = "picture"
    ) -> GeneratorOutput:
        """Translate a picture, (B, 1 or 3, H, W) in [-1, 1], into (B, outputs, H, W) in [-1, 1].

        noise: the masks of dropout, as `draw_noise` returns them; none for no dropout. statistics: of batch norm;
        "picture" is the paper's, "running" without noise is the published code's eval mode. The features are the
        innermost ones. Raises PictureError for a size that it does not accept.
        """
        self.check_size(picture)
        skips = self.encode(picture, statistics)
        features = skips.pop()
        return GeneratorOutput(self.decode(features, skips, noise, statistics), features=features)

    def draw_noise(self, count: int, size: Sequence[int], random: torch.Generator | None = None) -> list[Tensor]:
        """Draw a mask of dropout for each noisy level, innermost first: (count, K, h, w) of booleans, on the CPU.

        size: height and width of the pictures. random: by default torch's own generator.
        """
        height, width = size
        scales = {number: 2 ** (self.levels - 1 - number) for number in self.noisy_levels}
        shapes = [(count, 8 * self.width, height // scale, width // scale) for scale in scales.values()]
        return [torch.rand(shape, generator=random) >= 0.5 for shape in shapes]

    def encode(self, picture: Tensor, statistics: Statistics = "picture") -> list[Tensor]:
        """Return the features of every level, outermost first: (B, K, H / 2, W / 2), (B, 2K, H / 4, W / 4), ..."""
        picture = prepare_input(with_channels(picture, self.inputs))
        skips: list[Tensor] = []
        for block in self.encoder:
            # The first convolution reads the picture itself.
            skips.append(block(leaky_relu(skips[-1], 0.2) if skips else picture, statistics))
        return skips

    def decode(self, features: Tensor, skips: list[Tensor], noise: Sequence[Tensor], statistics: Statistics) -> Tensor:
        """Return the picture, (B, outputs, H, W) in [-1, 1]. features: the innermost. skips: outermost first."""
        masks = dict(zip(self.noisy_levels, noise, strict=True)) if noise else {}
        hidden = features
        for number, block in enumerate(self.decoder):
            if number:
                hidden = torch.cat([skips[-number], hidden], dim=1)
            hidden = block(relu(hidden), statistics)
            if number in masks:
                hidden = hidden * (2 * masks[number]).to(hidden)  # what is kept is doubled
        return tanh(full_precision(hidden))

    @property
    def noisy_levels(self) -> range:
        """The places of the decoder's levels with dropout, innermost first."""
        return range(1, self.levels - 4)

    def check_size(self, picture: Tensor) -> None:
        """Raise PictureError if this generator does not accept the sides of a picture, (B, K, H, W)."""
        height, width = picture.shape[2:]
        multiple = 2**self.levels
        if height % multiple or width % multiple or not height * width:
            raise PictureError(
                f"A generator of {self.levels} levels takes sides that are multiples of {multiple}, "
                f"got {width}x{height}."
            )


class ConditionalDiscriminator(nn.Module):
    """Conditional PatchGAN: scores patches of a picture beside its source.

    layers, width, norm: of `PatchDiscriminator`. inputs, outputs: channels, 1 or 3, that the source and the picture are
    judged with. Raises ConfigError for a value out of range.
    """

    def __init__(self, layers: int, width: int, inputs: int = 3, outputs: int = 3, norm: str = "batch") -> None:
        super().__init__()
        check_channels(inputs=inputs, outputs=outputs)
        self.inputs, self.outputs = inputs, outputs
        self.patches = PatchDiscriminator(layers, width, inputs + outputs, norm)

    def forward(self, source: Tensor, picture: Tensor, statistics: Statistics = "picture") -> DiscriminatorOutput:
        """Score a picture as an answer to its source, both (B, 1 or 3, H, W) in [-1, 1].

        statistics: of batch norm. Raises PictureError if the two are not of one size, or a side is smaller than the
        critic takes.
        """
        if source.shape[2:] != picture.shape[2:] or len(source) != len(picture):
            raise PictureError(
                "The critic compares pictures of one size: the source is "
                f"{source.shape[3]}x{source.shape[2]}, the picture {picture.shape[3]}x{picture.shape[2]}."
            )
        beside = torch.cat([with_channels(source, self.inputs), with_channels(picture, self.outputs)], dim=1)
        output: DiscriminatorOutput = self.patches(beside, statistics)
        return output


def with_channels(picture: Tensor, channels: int) -> Tensor:
    """Return a picture, (B, 1 or 3, H, W), with 1 or 3 channels: grey by its luma, or grey in three equal ones."""
    if picture.shape[1] == channels:
        return picture
    if channels == 1:
        red, green, blue = (share * color for share, color in zip(LUMA, picture.split(1, dim=1), strict=True))
        luma: Tensor = red + green + blue
        return luma
    return picture.expand(-1, channels, -1, -1)


def _check(name: str, value: int, least: int, most: int | None = None) -> None:
    if value < least or (most is not None and value > most):
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ConfigError(f"{name} must be {limits}, got {value}.")


def check_channels(**channels: int) -> None:
    """Raise ConfigError for numbers of channels, by their names, that are not 1 or 3."""
    for name, value in channels.items():
        if value not in CHANNELS:
            raise ConfigError(f"{name} must be 1 or 3 channels, got {value}.")
