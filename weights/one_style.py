"""Make weights for two domains of one style of faces from weights that translate to that style.

    python weights/one_style.py toon2lorelei lorelei runs/glasses-start --domains "no glasses" glasses --image-size 128

Both generators become the one towards the style, which leaves a face of the style almost as it is, and all critics
become those of the style. So only the difference of the two domains has to be learned.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.store import CONFIG_FILE, save_weights
from ugatit.errors import TranslationError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest


def make_start(source: str, domain: str, domains: tuple[str, str], image_size: int) -> UGATIT:
    """Return a model of two new domains, both of which begin as `domain` of the source's weights.

    Raises WeightsError for weights of another model, TranslationError for an unknown domain.
    """
    model = load_model(source, "cpu")
    if not isinstance(model, UGATIT):
        raise WeightsError(f"{source} holds a model {model.name}; one of U-GAT-IT is needed.")
    model.check_target(domain)
    started = UGATIT(replace(model.config, domains=domains, image_size=image_size)).eval()
    for name in domains:
        started.generator(name).load_state_dict(model.generator(domain).state_dict())
        for kind, critic in started.critics(name).items():
            critic.load_state_dict(model.critics(domain)[kind].state_dict())
    return started


def write_start(source: str, domain: str, domains: tuple[str, str], image_size: int, output: Path) -> None:
    """Write the weights of `make_start` into a new folder."""
    model = make_start(source, domain, domains, image_size)
    output.mkdir(parents=True, exist_ok=True)
    save_weights(output, model, Manifest(model.name, model.config.to_dict()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="weights that translate to the style")
    parser.add_argument("domain", help="their domain of that style")
    parser.add_argument("output", type=Path, help="new weights folder")
    parser.add_argument("--domains", nargs=2, required=True, help="names of the two new domains")
    parser.add_argument("--image-size", type=int, required=True, help="side in pixels")
    options = parser.parse_args(arguments)
    try:
        if (options.output / CONFIG_FILE).exists():
            raise WeightsError(f"{options.output} already holds weights: name another folder.")
        write_start(options.source, options.domain, tuple(options.domains), options.image_size, options.output)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
