"""The command `python -m ugatit list`."""

from dataclasses import dataclass

from ugatit.checkpoints.registry import bundled_weights
from ugatit.models.registry import targets
from ugatit.models.titles import domains_title


@dataclass(frozen=True)
class List:
    """Name the weights that are at hand."""

    def run(self) -> int:
        for weights in bundled_weights():
            manifest = weights.manifest
            domains = domains_title(manifest.domains, targets(manifest))
            print(f"{weights.name:16} {manifest.model:10} {domains:20} {manifest.description}")
        return 0
