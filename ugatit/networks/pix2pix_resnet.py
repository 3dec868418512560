"""The ResNet generator as pix2pix can have it in place of its U-Net: with dropout as noise."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import tanh

from ugatit.networks.blocks import ReflectConv2d
from ugatit.networks.cyclegan import DOWNSAMPLING, ResnetBlock, ResnetGenerator
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.norms import BatchNorm, InstanceNorm, Statistics
from ugatit.networks.outputs import GeneratorOutput
from ugatit.networks.pix2pix import check_channels, with_channels


class NoisyResnetGenerator(ResnetGenerator):
    """`ResnetGenerator` with dropout of 0.5 between the two convolutions of each block, as in the published code.

    inputs, outputs: channels of the pictures that go in and come out, 1 or 3. norm: batch or instance.
    Raises ConfigError for a value out of range.
    """

    def __init__(self, width: int, blocks: int, norm: str = "batch", inputs: int = 3, outputs: int = 3) -> None:
        super().__init__(width, blocks, norm)
        check_channels(inputs=inputs, outputs=outputs)
        self.width, self.inputs, self.outputs = width, inputs, outputs
        if inputs != 3:
            self.encoder[0] = ReflectConv2d(inputs, width, 7, bias=norm == "instance")
        if outputs != 3:
            self.to_rgb = ReflectConv2d(width, outputs, 7, bias=True)

    def forward(
        self, picture: Tensor, noise: Sequence[Tensor] = (), statistics: Statistics = "picture"
    ) -> GeneratorOutput:
        """Translate a picture, (B, 1 or 3, H, W) in [-1, 1], into (B, outputs, H, W) in [-1, 1]; without attention.

        noise: the masks of dropout, as `draw_noise` returns them; none for no dropout. statistics: of batch norm.
        Raises PictureError for sides that are no multiples of 4 from 8 up.
        """
        self.check_size(picture)
        masks: Sequence[Tensor | None] = noise or [None] * len(self.blocks)
        hidden = _run(self.encoder, prepare_input(with_channels(picture, self.inputs)), statistics)
        for block, mask in zip(self.blocks, masks, strict=True):
            assert isinstance(block, ResnetBlock)
            inner = block.norm1(block.conv1(hidden), statistics)
            if mask is not None:
                inner = inner * (2 * mask).to(inner)  # what is kept is doubled
            hidden = hidden + block.norm2(block.conv2(inner), statistics)
        hidden = self.to_rgb(_run(self.decoder, hidden, statistics))
        return GeneratorOutput(tanh(full_precision(hidden)))

    def draw_noise(self, count: int, size: Sequence[int], random: torch.Generator | None = None) -> list[Tensor]:
        """Draw a mask of dropout for each block: (count, K, H / 4, W / 4) of booleans, on the CPU.

        size: height and width of the pictures. random: by default torch's own generator.
        """
        height, width = size
        shape = (count, DOWNSAMPLING * self.width, height // DOWNSAMPLING, width // DOWNSAMPLING)
        return [torch.rand(shape, generator=random) >= 0.5 for _ in self.noisy_levels]

    @property
    def noisy_levels(self) -> range:
        """The places of the blocks with dropout: of all."""
        return range(len(self.blocks))


def _run(layers: nn.Sequential, hidden: Tensor, statistics: Statistics) -> Tensor:
    for layer in layers:
        with_norm = isinstance(layer, BatchNorm | InstanceNorm)
        hidden = layer(hidden, statistics) if with_norm else layer(hidden)
    return hidden
