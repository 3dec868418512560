"""Weights on disk and on the Hub: locate, load, save, convert, inspect and package them."""

from ugatit.checkpoints.hub import push_to_hub
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.packaging import write_package, zip_weights
from ugatit.checkpoints.published import read_published
from ugatit.checkpoints.registry import WeightsEntry, bundled_weights, locate_weights
from ugatit.checkpoints.store import load_weights, read_manifest, save_weights, write_manifest
from ugatit.checkpoints.untrusted_upload import open_weights_file

__all__ = [
    "WeightsEntry", "bundled_weights", "load_model", "load_weights", "locate_weights", "open_weights_file",
    "push_to_hub", "read_manifest", "read_published", "save_weights", "write_manifest", "write_package", "zip_weights",
]  # fmt: skip
