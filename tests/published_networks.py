"""The networks that the published code of CycleGAN and pix2pix builds, layer by layer, with its keys.

Their weights are random. Dropout has no weights but takes a place; DataParallel puts `module.` before the keys; old
torch kept running statistics of instance norm.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Norm = Callable[[int], nn.Module]
NORMS: dict[str, Norm] = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d}
State = dict[str, Tensor]


class Published(nn.Module):
    """Layers one after the other, under `model.0`, `model.1` and so on; a critic of pixels has them under `net`."""

    def __init__(self, *layers: nn.Module, root: str = "model") -> None:
        super().__init__()
        self.root = root
        setattr(self, root, nn.Sequential(*layers))

    def forward(self, picture: Tensor) -> Tensor:
        result: Tensor = getattr(self, self.root)(picture)
        return result


class Residual(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(*layers)

    def forward(self, features: Tensor) -> Tensor:
        result: Tensor = features + self.conv_block(features)
        return result


class Level(Published):
    """A level of the U-Net: what comes in stands beside what it makes of it, but for the outermost."""

    def __init__(self, *layers: nn.Module, outermost: bool = False) -> None:
        super().__init__(*layers)
        self.outermost = outermost

    def forward(self, features: Tensor) -> Tensor:
        if self.outermost:
            return super().forward(features)
        # Its first layer, a leaky ReLU, works in place: what stands beside has passed it.
        activated = nn.functional.leaky_relu(features, 0.2)
        return torch.cat([activated, self.model[1:](activated)], dim=1)


class Outer(nn.Module):
    """The module that holds the U-Net's outermost level, as `model`."""

    def __init__(self, level: nn.Module) -> None:
        super().__init__()
        self.model = level

    def forward(self, picture: Tensor) -> Tensor:
        result: Tensor = self.model(picture)
        return result


def resnet(
    width: int = 2, blocks: int = 2, norm: str = "instance", dropout: bool = False, channels: tuple[int, int] = (3, 3)
) -> nn.Module:
    bias, make_norm, wide = norm == "instance", NORMS[norm], 4 * width

    def half() -> list[nn.Module]:
        return [nn.ReflectionPad2d(1), nn.Conv2d(wide, wide, 3, bias=bias), make_norm(wide)]

    layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels[0], width, 7, bias=bias), make_norm(width), nn.ReLU()]
    for narrow in (width, 2 * width):
        layers += [nn.Conv2d(narrow, 2 * narrow, 3, 2, 1, bias=bias), make_norm(2 * narrow), nn.ReLU()]
    for _ in range(blocks):
        noise = [nn.Dropout(0.5)] if dropout else []
        layers.append(Residual(*half(), nn.ReLU(), *noise, *half()))
    for narrow in (2 * width, width):
        layers += [nn.ConvTranspose2d(2 * narrow, narrow, 3, 2, 1, 1, bias=bias), make_norm(narrow), nn.ReLU()]
    return _random(Published(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, channels[1], 7), nn.Tanh()))


def unet(
    levels: int = 5, width: int = 2, norm: str = "batch", dropout: bool = False, channels: tuple[int, int] = (3, 3)
) -> nn.Module:
    bias, make_norm = norm == "instance", NORMS[norm]
    widths = [width * min(2**level, 8) for level in range(levels)]
    inner: list[nn.Module] = []
    for level in reversed(range(1, levels)):
        outside, inside = widths[level - 1], widths[level]
        down = nn.Conv2d(outside, inside, 4, 2, 1, bias=bias)
        up = nn.ConvTranspose2d(inside * (2 if inner else 1), outside, 4, 2, 1, bias=bias)
        normed = [make_norm(inside)] if inner else []
        noise = [nn.Dropout(0.5)] if dropout and inner and outside == inside == 8 * width else []
        inner = [Level(nn.LeakyReLU(0.2), down, *normed, *inner, nn.ReLU(), up, make_norm(outside), *noise)]
    down, up = nn.Conv2d(channels[0], width, 4, 2, 1, bias=bias), nn.ConvTranspose2d(2 * width, channels[1], 4, 2, 1)
    return _random(Outer(Level(down, *inner, nn.ReLU(), up, nn.Tanh(), outermost=True)))


def patch_critic(layers: int = 3, width: int = 2, norm: str = "instance", channels: int = 3) -> nn.Module:
    bias, make_norm = norm == "instance", NORMS[norm]
    widths = [channels, *(width * min(2**level, 8) for level in range(layers + 1))]
    convs: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
    for level in range(1, layers + 1):
        stride = 2 if level < layers else 1
        conv = nn.Conv2d(widths[level], widths[level + 1], 4, stride, 1, bias=bias)
        convs += [conv, make_norm(widths[level + 1]), nn.LeakyReLU(0.2)]
    return _random(Published(*convs, nn.Conv2d(widths[-1], 1, 4, 1, 1)))


def pixel_critic(width: int = 2, norm: str = "instance", channels: int = 3) -> nn.Module:
    bias, make_norm = norm == "instance", NORMS[norm]
    first = [nn.Conv2d(channels, width, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 2 * width, 1, bias=bias)]
    last = [make_norm(2 * width), nn.LeakyReLU(0.2), nn.Conv2d(2 * width, 1, 1, bias=bias)]
    return _random(Published(*first, *last, root="net"))


def _random(network: nn.Module) -> nn.Module:
    """Return the network in eval mode with weights and running statistics that tell norms and places apart."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.weight, module.running_var):
                nn.init.uniform_(tensor, 0.5, 1.5)
            for tensor in (module.bias, module.running_mean):
                nn.init.normal_(tensor, 0, 0.2)
    return network.eval()


def wrapped(state: State) -> State:
    return {f"module.{key}": value for key, value in state.items()}


def with_old_statistics(network: nn.Module) -> State:
    """Return the state with the running statistics of instance norms that old torch stored."""
    state = dict(network.state_dict())
    for name, module in network.named_modules():
        if isinstance(module, nn.InstanceNorm2d):
            count = module.num_features
            state |= {f"{name}.running_mean": torch.rand(count), f"{name}.running_var": torch.rand(count) + 1}
            state |= {f"{name}.num_batches_tracked": torch.tensor(7)}
    return state
