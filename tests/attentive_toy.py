"""A toy model of any number of domains with CAM attention: a generator and critics of any names for each domain."""

from torch import Tensor, nn

from tests.toy import Toy, ToyConfig
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.outputs import GeneratorOutput
from ugatit.networks.ugatit import Discriminator, Generator


class AttentiveToy(Toy):
    """The toy model with the networks of U-GAT-IT. critics: their names; each is one layer deeper than the last."""

    name = "attentive"

    def __init__(self, config: ToyConfig, critics: tuple[str, ...] = ("small", "large")) -> None:
        super().__init__(config)
        self.generators = nn.ModuleDict(
            {domain: Generator(config.image_size, config.width, blocks=1, light=True) for domain in config.domains}
        )
        self.attentive_critics = nn.ModuleDict(
            {
                domain: nn.ModuleDict({name: Discriminator(4, 3 + index) for index, name in enumerate(critics)})
                for domain in config.domains
            }
        )

    def canvas_rule(self) -> CanvasRule:
        return CanvasRule(multiple=4, min_side=16)

    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        self.check_target(to)
        output: GeneratorOutput = self.generators[to](images)
        return output

    def critics(self, to: str) -> dict[str, nn.Module]:
        self.check_target(to)
        return dict(self.attentive_critics[to].items())

    def cam_networks(self, to: str) -> dict[str, nn.Module]:
        return {"generator": self.generators[to], **self.critics(to)}

    def attention_grids(self, to: str) -> dict[str, Grid]:
        return {name: network.attention_grid() for name, network in self.cam_networks(to).items()}

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {name: critic.patch_grid() for name, critic in self.critics(to).items()}
