"""Generator and discriminator of StarGAN (Choi et al., CVPR 2018, appendix 7.2)."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, tanh

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.geometry import Grid
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.normalization import AffineInstanceNorm
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

DOWNSAMPLING = 4
"""Ratio of the sides of the picture to those of the residual blocks' features."""
SLOPE = 0.01
"""Of the critic's leaky ReLU below zero."""


def label_planes(labels: Tensor, height: int, width: int) -> Tensor:
    """Return each label as a plane of its value: (B, C) to (B, C, height, width) (section 3.1)."""
    return labels[:, :, None, None].expand(-1, -1, height, width)


class ResidualBlock(nn.Module):
    """Two convolutions with instance norm, added to the input. (B, K, h, w) to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = AffineInstanceNorm(channels, relu=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = AffineInstanceNorm(channels)

    def forward(self, features: Tensor) -> Tensor:
        hidden = self.norm1(self.conv1(features))
        residual: Tensor = self.norm2(self.conv2(hidden))
        return features + residual


class LabelGenerator(nn.Module):
    """One generator for all domains: two downsampling convolutions, residual blocks and two transposed convolutions.

    It is told its target by label planes beside the picture's colours. Its instance norms always use the picture's own
    statistics, as the published sampling does.
    width: channels after the first convolution. blocks: residual blocks, published 6. labels: number of label planes.
    Raises ConfigError for a width or a number of labels below 1, and for negative blocks.
    """

    def __init__(self, width: int, blocks: int, labels: int) -> None:
        super().__init__()
        for name, value, minimum in (("width", width, 1), ("blocks", blocks, 0), ("labels", labels, 1)):
            if value < minimum:
                raise ConfigError(f"{name} must be at least {minimum}, got {value}.")
        self.labels = labels
        channels = DOWNSAMPLING * width
        self.encoder = nn.Sequential(
            nn.Conv2d(3 + labels, width, 7, padding=3, bias=False),
            AffineInstanceNorm(width, relu=True),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            AffineInstanceNorm(2 * width, relu=True),
            nn.Conv2d(2 * width, channels, 4, stride=2, padding=1, bias=False),
            AffineInstanceNorm(channels, relu=True),
        )
        self.blocks = nn.Sequential(*(ResidualBlock(channels) for _ in range(blocks)))
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(channels, 2 * width, 4, stride=2, padding=1, bias=False),
            AffineInstanceNorm(2 * width, relu=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            AffineInstanceNorm(width, relu=True),
        )
        self.to_rgb = nn.Conv2d(width, 3, 7, padding=3, bias=False)

    def forward(self, picture: Tensor, labels: Tensor) -> GeneratorOutput:
        """Translate a picture, (B, 3, H, W) in [-1, 1], to the domain of labels, (B, C) in [0, 1]; without attention.

        Raises PictureError for sides that are no multiples of 4 from 8 up, ConfigError for another number of labels.
        """
        height, width = picture.shape[2:]
        if min(height, width) < 2 * DOWNSAMPLING or height % DOWNSAMPLING or width % DOWNSAMPLING:
            raise PictureError(
                f"StarGAN's generator takes sides that are multiples of {DOWNSAMPLING} from {2 * DOWNSAMPLING} up, "
                f"got {width}x{height}."
            )
        if labels.shape != (len(picture), self.labels):
            raise ConfigError(
                f"The generator takes {self.labels} labels for each picture, got {tuple(labels.shape)} "
                f"for {len(picture)} pictures."
            )
        planes = label_planes(labels.to(picture.dtype), height, width)
        features = self.blocks(self.encoder(prepare_input(torch.cat([picture, planes], dim=1))))
        return GeneratorOutput(tanh(full_precision(self.to_rgb(self.decoder(features)))))


class ClassifyingCritic(nn.Module):
    """Critic with two heads: scores of overlapping patches, and logits of the classes the whole picture belongs to.

    size: side of the pictures, a multiple of 2^layers. width: channels after the first convolution, doubled by each.
    layers: convolutions that halve the size; published 6. classes: number of class logits.
    Raises ConfigError for values below 1 and for a size that the layers do not divide.
    """

    def __init__(self, size: int, width: int, layers: int, classes: int) -> None:
        super().__init__()
        for name, value in (("width", width), ("layers", layers), ("classes", classes)):
            if value < 1:
                raise ConfigError(f"{name} must be at least 1, got {value}.")
        if size < 1 or size % 2**layers:
            raise ConfigError(
                f"A critic of {layers} layers takes pictures whose side is a multiple of {2**layers} px, got {size}."
            )
        self.size, self.layers = size, layers
        sizes = [3, *(width * 2**level for level in range(layers))]
        self.convs = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 4, stride=2, padding=1) for inputs, outputs in pairwise(sizes)
        )
        self.to_patches = nn.Conv2d(sizes[-1], 1, 3, padding=1, bias=False)
        # A kernel as large as the features: one logit a class for the whole picture.
        self.to_classes = nn.Conv2d(sizes[-1], classes, size // 2**layers, bias=False)

    def forward(self, picture: Tensor) -> DiscriminatorOutput:
        """Judge a picture, (B, 3, size, size) in [-1, 1]; without attention. Raises PictureError for another size."""
        height, width = picture.shape[2:]
        if (height, width) != (self.size, self.size):
            raise PictureError(f"StarGAN's critic takes {self.size}x{self.size} pictures, got {width}x{height}.")
        features = prepare_input(picture)
        for conv in self.convs:
            features = leaky_relu(conv(features), SLOPE)
        return DiscriminatorOutput(
            patch_logits=full_precision(self.to_patches(features)),
            class_logits=full_precision(self.to_classes(features)).flatten(1),
        )

    def patch_grid(self) -> Grid:
        """Return the position of the scored patches on the picture, the same along both axes."""
        grid = Grid()
        for _ in range(self.layers):
            grid = grid.conv(4, 2, 1)
        return grid.conv(3, 1, 1)
