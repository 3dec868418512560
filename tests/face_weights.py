"""Tiny weights that name drawn faces as their training data."""

from pathlib import Path

import torch

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import save_weights
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.models.ugatit import UGATITConfig

ARTISTS = ("faces:toon-head,count=2400", "faces:lorelei,glasses=no,count=2400")
GLASSES = ("faces:lorelei,glasses=no", "faces:lorelei,glasses=yes")


def save_face_weights(
    folder: Path, domains: tuple[str, str], sources: tuple[str, ...], attention: bool = True
) -> WeightsEntry:
    """Save random weights for 64 px."""
    folder.mkdir(parents=True)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = UGATIT(UGATITConfig(domains=domains, image_size=64, ngf=4, ndf=4, blocks=1, attention=attention))
        model.init_weights()
    manifest = Manifest("ugatit", model.config.to_dict(), {"sources": sources}, title=" and ".join(domains))
    save_weights(folder, model, manifest)
    return WeightsEntry(folder.name, folder, manifest)
