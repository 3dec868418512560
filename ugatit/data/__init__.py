"""Training data: source strings, validation of pictures and zips, datasets, transforms and drawn scenes."""

from ugatit.data.datasets import LabelledDataset, PairedDataset, UnpairedDataset
from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.kinds import DataKind
from ugatit.data.opened import OpenedData, open_data
from ugatit.data.pairs import ingest_pairs
from ugatit.data.scenes import scene
from ugatit.data.sources import PictureSource

__all__ = [
    "DataKind", "Domain", "Dropped", "LabelledDataset", "OpenedData", "PairedDataset", "Picture", "PictureSource",
    "UnpairedDataset",
    "ingest", "ingest_folders", "ingest_pairs", "open_data", "scene",
]  # fmt: skip
