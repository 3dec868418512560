"""The command `python -m ugatit list`."""

from dataclasses import dataclass

from ugatit.checkpoints.registry import bundled_weights


@dataclass(frozen=True)
class List:
    """Name the weights that are at hand."""

    def run(self) -> int:
        for weights in bundled_weights():
            manifest = weights.manifest
            domains = " ↔ ".join(manifest.domains)
            print(f"{weights.name:16} {manifest.model:10} {domains:20} {manifest.description}")
        return 0
