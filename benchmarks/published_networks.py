"""U-GAT-IT's networks in plain layers, as its published PyTorch code computes them (Kim et al., ICLR 2020).

A reference for benchmarks and checks only: it is not optimised and shares no layers with `ugatit`'s networks. The
attributes have the names of the published checkpoint, so that it loads strictly, without a key map.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, adaptive_max_pool2d, relu
from torch.nn.utils import spectral_norm

from ugatit.models.ugatit import UGATITConfig
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

EPS = 1e-5


def reflected_conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    """Reflection padding and a convolution without bias."""
    return [nn.ReflectionPad2d(kernel // 2), nn.Conv2d(inputs, outputs, kernel, stride, bias=False)]


def layer_instance_norm(features: Tensor, rho: Tensor) -> Tensor:
    """Normalise features by instance and by layer, each a full copy, and mix both by rho, (1, K, 1, 1)."""
    instance_mean = features.mean(dim=(2, 3), keepdim=True)
    instance_variance = features.var(dim=(2, 3), keepdim=True)
    layer_mean = features.mean(dim=(1, 2, 3), keepdim=True)
    layer_variance = features.var(dim=(1, 2, 3), keepdim=True)
    by_instance = (features - instance_mean) / torch.sqrt(instance_variance + EPS)
    by_layer = (features - layer_mean) / torch.sqrt(layer_variance + EPS)
    return rho * by_instance + (1 - rho) * by_layer


class PublishedAdaLIN(nn.Module):
    """Adaptive layer-instance normalisation: gamma and beta are inputs (paper, eq. 1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.rho = nn.Parameter(torch.full((1, channels, 1, 1), 0.9))

    def forward(self, features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        normalised = layer_instance_norm(features, self.rho)
        return normalised * gamma[:, :, None, None] + beta[:, :, None, None]


class PublishedLIN(nn.Module):
    """Layer-instance normalisation with learned gamma and beta."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.rho = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.gamma = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.beta = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, features: Tensor) -> Tensor:
        return layer_instance_norm(features, self.rho) * self.gamma + self.beta


class PublishedResidual(nn.Module):
    """A residual block of the encoder."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            *reflected_conv(channels, channels, 3),
            nn.InstanceNorm2d(channels),
            nn.ReLU(inplace=True),
            *reflected_conv(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        changed: Tensor = self.conv_block(features)
        return features + changed


class PublishedAdaLINResidual(nn.Module):
    """A residual block of the decoder."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pad = nn.ReflectionPad2d(1)
        self.conv1 = nn.Conv2d(channels, channels, 3, bias=False)
        self.norm1 = PublishedAdaLIN(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, bias=False)
        self.norm2 = PublishedAdaLIN(channels)

    def forward(self, features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        hidden = relu(self.norm1(self.conv1(self.pad(features)), gamma, beta), inplace=True)
        changed: Tensor = self.norm2(self.conv2(self.pad(hidden)), gamma, beta)
        return features + changed


class PublishedGenerator(nn.Module):
    """The generator with CAM attention."""

    def __init__(self, config: UGATITConfig) -> None:
        super().__init__()
        width, channels, self.light = config.ngf, 4 * config.ngf, config.light
        down: list[nn.Module] = []
        for inputs, outputs, kernel, stride in (
            (3, width, 7, 1),
            (width, 2 * width, 3, 2),
            (2 * width, channels, 3, 2),
        ):
            down += [
                *reflected_conv(inputs, outputs, kernel, stride),
                nn.InstanceNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
        self.DownBlock = nn.Sequential(*down, *(PublishedResidual(channels) for _ in range(config.blocks)))

        self.gap_fc = nn.Linear(channels, 1, bias=False)
        self.gmp_fc = nn.Linear(channels, 1, bias=False)
        self.conv1x1 = nn.Conv2d(2 * channels, channels, 1)
        self.relu = nn.ReLU(inplace=True)

        flat = channels if config.light else channels * (config.image_size // 4) ** 2
        self.FC = nn.Sequential(
            nn.Linear(flat, channels, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(channels, channels, bias=False),
            nn.ReLU(inplace=True),
        )
        self.gamma = nn.Linear(channels, channels, bias=False)
        self.beta = nn.Linear(channels, channels, bias=False)

        self.decoder_names = [f"UpBlock1_{block + 1}" for block in range(config.blocks)]
        for name in self.decoder_names:
            self.add_module(name, PublishedAdaLINResidual(channels))
        up: list[nn.Module] = []
        for inputs, outputs in ((channels, 2 * width), (2 * width, width)):
            up += [nn.Upsample(scale_factor=2), *reflected_conv(inputs, outputs, 3)]
            up += [PublishedLIN(outputs), nn.ReLU(inplace=True)]
        self.UpBlock2 = nn.Sequential(*up, *reflected_conv(width, 3, 7), nn.Tanh())

    def forward(self, picture: Tensor) -> GeneratorOutput:
        features = self.DownBlock(picture)
        attended, logits = apply_cam(features, self.gap_fc, self.gmp_fc, self.gap_fc.weight, self.gmp_fc.weight)
        attended = self.relu(self.conv1x1(attended))
        heatmap = attended.sum(dim=1, keepdim=True)

        flat = adaptive_avg_pool2d(attended, 1).flatten(1) if self.light else attended.flatten(1)
        hidden = self.FC(flat)
        gamma, beta = self.gamma(hidden), self.beta(hidden)
        for name in self.decoder_names:
            attended = self.get_submodule(name)(attended, gamma, beta)
        return GeneratorOutput(self.UpBlock2(attended), logits, heatmap)


class PublishedDiscriminator(nn.Module):
    """The discriminator with CAM attention."""

    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        sizes = [3] + [width * 2**level for level in range(layers - 1)]
        model: list[nn.Module] = []
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            stride = 2 if layer < layers - 2 else 1
            model += [nn.ReflectionPad2d(1), spectral_norm(nn.Conv2d(inputs, outputs, 4, stride))]
            model += [nn.LeakyReLU(0.2, inplace=True)]
        self.model = nn.Sequential(*model)
        channels = sizes[-1]
        self.gap_fc = spectral_norm(nn.Linear(channels, 1, bias=False))
        self.gmp_fc = spectral_norm(nn.Linear(channels, 1, bias=False))
        self.conv1x1 = nn.Conv2d(2 * channels, channels, 1)
        self.leaky_relu = nn.LeakyReLU(0.2, inplace=True)
        self.pad = nn.ReflectionPad2d(1)
        self.conv = spectral_norm(nn.Conv2d(channels, 1, 4, bias=False))

    def forward(self, picture: Tensor) -> DiscriminatorOutput:
        features = self.model(picture)
        # The features are multiplied by the weight before spectral normalisation; the logit uses the normalised weight.
        gap, gmp = (fc.get_parameter("weight_orig") for fc in (self.gap_fc, self.gmp_fc))
        attended, logits = apply_cam(features, self.gap_fc, self.gmp_fc, gap, gmp)
        attended = self.leaky_relu(self.conv1x1(attended))
        heatmap = attended.sum(dim=1, keepdim=True)
        return DiscriminatorOutput(self.conv(self.pad(attended)), logits, heatmap)


def apply_cam(
    features: Tensor, gap_fc: nn.Module, gmp_fc: nn.Module, gap: Tensor, gmp: Tensor
) -> tuple[Tensor, Tensor]:
    """Multiply the features by the weights of both classifiers and concatenate the results.

    gap, gmp: (1, K). Returns the features, (B, 2K, h, w), and the CAM logits, (B, 2).
    """
    gap_logit = gap_fc(adaptive_avg_pool2d(features, 1).flatten(1))
    gmp_logit = gmp_fc(adaptive_max_pool2d(features, 1).flatten(1))
    weighted = [features * gap[:, :, None, None], features * gmp[:, :, None, None]]
    return torch.cat(weighted, dim=1), torch.cat([gap_logit, gmp_logit], dim=1)


def published_networks(config: UGATITConfig) -> nn.ModuleDict:
    """Build the six networks under the names of the published checkpoint, with N(0, 0.02) weights."""
    networks = nn.ModuleDict()
    for name in ("genA2B", "genB2A"):
        networks[name] = PublishedGenerator(config)
    for domain in "AB":
        networks[f"disG{domain}"] = PublishedDiscriminator(config.ndf, config.global_layers)
        networks[f"disL{domain}"] = PublishedDiscriminator(config.ndf, config.local_layers)
    with torch.no_grad():
        for name, parameter in networks.named_parameters():
            if "weight" in name:
                parameter.normal_(0.0, 0.02)
    return networks
