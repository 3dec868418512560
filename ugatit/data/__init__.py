"""Training data: source strings, validation of pictures and zips, datasets, transforms and drawn scenes."""

from ugatit.data.datasets import UnpairedDataset
from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.ingest import ingest
from ugatit.data.pair import Pair, open_pair
from ugatit.data.scenes import scene
from ugatit.data.sources import PictureSource

__all__ = [
    "Domain", "Dropped", "Pair", "Picture", "PictureSource", "UnpairedDataset", "ingest", "open_pair", "scene",
]  # fmt: skip
