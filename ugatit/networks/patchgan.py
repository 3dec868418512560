"""PatchGAN, the critic of pix2pix and CycleGAN, scores overlapping patches (Isola et al., CVPR 2017, section 3.2)."""

from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.geometry import Grid
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.norms import NormedConv, Statistics
from ugatit.networks.outputs import DiscriminatorOutput

MAX_LAYERS = 8
MAX_CHANNELS = 6
WIDEST = 8
"""The widest layer, in multiples of the first."""


class PatchDiscriminator(nn.Module):
    """Scores patches: convolutions of 4×4, or of single pixels.

    layers: halvings, two more layers follow; 0 judges single pixels. The receptive field is 1, 16, 34, 70, 142 or
    286 px for 0 to 5. width: channels after the first convolution. channels: of what is judged, 3 for a picture, 6 for
    a picture beside its source. norm: instance or batch.
    Raises ConfigError for a value out of range.
    """

    def __init__(self, layers: int, width: int, channels: int = 3, norm: str = "instance") -> None:
        super().__init__()
        if not 0 <= layers <= MAX_LAYERS:
            raise ConfigError(f"layers must be from 0 to {MAX_LAYERS}, got {layers}.")
        if width < 1:
            raise ConfigError(f"width must be at least 1, got {width}.")
        if not 1 <= channels <= MAX_CHANNELS:
            raise ConfigError(f"channels must be from 1 to {MAX_CHANNELS}, got {channels}.")
        self.layers, self.channels = layers, channels
        self.kernel, bias = (4 if layers else 1), norm == "instance"
        widths = [channels, *(width * min(2**level, WIDEST) for level in range(max(1, layers) + 1)), 1]
        self.strides = [2] * layers + [1, 1] if layers else [1, 1, 1]
        last = len(self.strides) - 1
        self.blocks = nn.ModuleList(
            NormedConv(
                nn.Conv2d(
                    widths[place], widths[place + 1], self.kernel, stride, self.padding,
                    # The published pixel discriminator has no bias at its end with batch norm.
                    bias=bias or place == 0 or (place == last and layers > 0),
                ),
                norm if 0 < place < last else "",
            )
            for place, stride in enumerate(self.strides)
        )  # fmt: skip

    def forward(self, picture: Tensor, statistics: Statistics | None = None) -> DiscriminatorOutput:
        """Score the patches of a picture, (B, channels, H, W) in [-1, 1]; without attention.

        statistics: of batch norm. Raises PictureError if a side is smaller than `min_side`.
        """
        height, width = picture.shape[2:]
        if min(height, width) < self.min_side:
            raise PictureError(
                f"A critic of {self.layers} layers needs sides of {self.min_side} px or more, got {width}x{height}."
            )
        hidden = prepare_input(picture)
        for place, block in enumerate(self.blocks):
            hidden = block(leaky_relu(hidden, 0.2) if place else hidden, statistics)
        return DiscriminatorOutput(full_precision(hidden))

    @property
    def padding(self) -> int:
        """Cells that each convolution pads with zeros."""
        return 1 if self.layers else 0

    @property
    def min_side(self) -> int:
        """Smallest accepted side in pixels: one patch is left to score, and norms see several cells."""
        return 3 << self.layers if self.layers else 2

    def patch_grid(self) -> Grid:
        """Return the position of the scored patches on the picture, the same along both axes."""
        grid = Grid()
        for stride in self.strides:
            grid = grid.conv(self.kernel, stride, self.padding)
        return grid
