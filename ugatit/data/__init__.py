"""Training data: sources by name, checks of what people bring, datasets, transforms, drawn scenes."""

from ugatit.data.datasets import UnpairedDataset
from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.ingest import ingest
from ugatit.data.scenes import scene
from ugatit.data.sources import Pair, PictureSource, open_pair

__all__ = [
    "Domain", "Dropped", "Pair", "Picture", "PictureSource", "UnpairedDataset", "ingest", "open_pair", "scene",
]  # fmt: skip
