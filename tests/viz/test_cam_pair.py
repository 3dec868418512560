"""Two weights trained alike, with CAM attention and without it, are found by their manifests."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_config
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import WeightsError
from ugatit.inference.translator import Translator
from ugatit.models.manifest import Manifest
from viz.cam_pair import find_cam_pair

DATA = {"sources": ("faces:lorelei,glasses=no,count=10", "faces:lorelei,count=20,glasses=yes"), "margin": 0.06}


def entry(name: str, attention: bool = True, step: int = 7, **changes: object) -> WeightsEntry:
    network = tiny_config(domains=("no glasses", "glasses"), attention=attention).to_dict()
    return WeightsEntry(name, Path(name), replace(Manifest("ugatit", network, DATA, step=step), **changes))


def never(entry: WeightsEntry) -> Translator:
    raise WeightsError(entry.name)


def test_the_pair_differs_in_attention_alone() -> None:
    entries = [entry("longer", step=8), entry("plain", attention=False), entry("cam")]
    pair = find_cam_pair(entries, entry("large").manifest, never)
    assert pair is not None
    assert pair.folders == (Path("cam"), Path("plain"))
    with pytest.raises(WeightsError, match="cam"):
        pair.translators()


def test_the_number_of_pictures_does_not_matter_but_what_they_show() -> None:
    entries = [entry("cam"), entry("plain", attention=False)]
    others = {"sources": ("faces:lorelei,glasses=no", "faces:lorelei,glasses=yes"), "margin": 0.0}
    assert find_cam_pair(entries, entry("more", data=others).manifest, never) is not None
    for sources in (("faces:lorelei,glasses=yes", "faces:lorelei,glasses=no"), ("photos/a", "photos/b"), ()):
        assert find_cam_pair(entries, entry("other", data={"sources": sources}).manifest, never) is None


def test_other_settings_are_not_alike() -> None:
    plain = entry("plain", attention=False, data={**DATA, "margin": 0.1})
    assert find_cam_pair([entry("cam"), plain], plain.manifest, never) is None
    assert find_cam_pair([entry("cam")], plain.manifest, never) is None
