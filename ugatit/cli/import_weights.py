"""The command `python -m ugatit import`."""

from dataclasses import dataclass, replace
from pathlib import Path

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.registry import locate_weights
from ugatit.checkpoints.store import CONFIG_FILE, read_manifest, save_weights
from ugatit.cli.options import option
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.manifest import Manifest
from ugatit.models.titles import domains_title


@dataclass(frozen=True)
class Import:
    """Convert weights to a folder of config.json and model.safetensors."""

    source: str = option("a published checkpoint, a run folder, or any other weights", flag="SOURCE")
    output: Path = option("the new weights folder")
    domains: tuple[str, ...] | None = option("names of the domains, in their order", default=None)
    attributes: tuple[str, ...] | None = option(
        "of a published StarGAN checkpoint: the first domains, which are binary attributes", default=None
    )
    image_size: int | None = option("of a light published checkpoint, which does not tell", default=None)
    half: bool = option("store 16-bit floats", default=False)
    title: str = option("what the app calls the weights", default="")
    description: str = option("one sentence about them", default="")

    def run(self) -> int:
        if (self.output / CONFIG_FILE).exists():
            raise ConfigError(f"{self.output} already holds weights: name another folder by --output.")
        path = locate_weights(self.source)
        domains = self.domains or self.attributes
        model = load_model(path, "cpu", domains=domains, image_size=self.image_size)
        if path.is_file():
            model = model.with_attributes(self.attributes) if self.attributes else model
            manifest = Manifest(model.name, model.config.to_dict())
        else:
            if domains or self.image_size:
                raise WeightsError(
                    f"{path} says its own domains and size; --domains and --image-size are for published checkpoints."
                )
            manifest = read_manifest(path)
        names = domains_title(model.domains, model.targets)
        title = self.title or manifest.title or names
        manifest = replace(manifest, title=title, description=self.description or manifest.description)
        self.output.mkdir(parents=True, exist_ok=True)
        save_weights(self.output, model, manifest, self.half)
        critics = "" if model.critic_modules() else ", without critics: no maps of patches"
        print(f"{self.output}: {model.name}, {names}, {model.image_size} px{critics}")
        return 0
