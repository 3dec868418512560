"""Sets of faces by name, drawn once into a cache that several processes share."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.helpers import files
from tests.tiny import ROOT, environment
from ugatit.config import DataConfig
from ugatit.data.face_cache import draw_faces
from ugatit.data.face_set import FaceSet
from ugatit.data.faces import face
from ugatit.data.opened import open_data
from ugatit.data.source_string import is_drawn, source_name
from ugatit.errors import DataError
from ugatit.training.run_settings import default_names

SEVERAL = """\
import sys
from ugatit.data.face_cache import draw_faces
from ugatit.data.face_set import FaceSet
if __name__ == "__main__":
    draw_faces(FaceSet.parse("faces:toon-head"), range(150), 32, print)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_name_gives_style_attributes_and_count() -> None:
    assert FaceSet.parse("faces:toon-head") == FaceSet("toon-head")
    parsed = FaceSet.parse("faces:lorelei,glasses=no,hair=red,beard=any,count=40")
    assert parsed == FaceSet("lorelei", {"glasses": False, "hair": "red", "beard": "any"}, 40)
    assert is_drawn("faces:lorelei")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("faces:", "There is no style of faces ''; there are: lorelei"),
        ("faces:lorelei,glasses", "write attributes as NAME=VALUE; lorelei faces have: hair, .*count"),
        ("faces:lorelei,hat=yes", "no attribute 'hat'"),
        ("faces:lorelei,hair=green", "can be: black"),
        ("faces:lorelei,count=1", "count must be a number from 2 to 900,000 faces, got '1'"),
        ("faces:lorelei,count=many", "got 'many'"),
    ],
)
def test_wrong_name_lists_what_there_is(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        FaceSet.parse(text)


def test_domains_are_called_by_their_style_or_else_by_their_attributes() -> None:
    assert source_name("faces:lorelei,glasses=yes") == "lorelei"
    assert default_names(("faces:toon-head", "faces:lorelei,glasses=no")) == ("toon-head", "lorelei")
    assert default_names(("faces:lorelei,glasses=no", "faces:lorelei,glasses=yes")) == ("no glasses", "glasses")
    assert default_names(("faces:lorelei", "faces:lorelei,hair=red")) == ("lorelei", "red hair")


def test_faces_are_drawn_once_without_loss(cache: Path) -> None:
    faces = FaceSet.parse("faces:lorelei,glasses=yes")
    paths = draw_faces(faces, range(5, 11, 2), 48)
    assert [path.name for path in paths] == ["000005.webp", "000007.webp", "000009.webp"]
    assert (np.asarray(Image.open(paths[1])) == np.asarray(face("lorelei", 7, 48, glasses=True)[0])).all()
    written = paths[0].stat().st_mtime_ns
    assert draw_faces(faces, range(5, 13, 2), 48)[:3] == paths
    assert paths[0].stat().st_mtime_ns == written
    assert draw_faces(faces, [5], 32)[0] != paths[0]
    assert not [name for name in files(cache) if name.endswith(".partial")]


def test_two_processes_draw_the_same_set_at_once(cache: Path) -> None:
    script = cache.parent / "draw.py"
    script.write_text(SEVERAL)
    command = [sys.executable, str(script)]
    variables = {**environment(), "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=180)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert sum("Drawing 150 faces of toon-head, once." in output for output in outputs) == 1
    drawn = [name for name in files(cache) if name.endswith(".webp")]
    assert len(drawn) == 150
    assert not [name for name in files(cache) if name.endswith(".partial")]


def test_full_disk_is_named_and_leaves_no_torn_face(cache: Path, limit_file_size: Callable[[int], None]) -> None:
    limit_file_size(300)
    with pytest.raises(DataError, match=r"Faces cannot be drawn into .*free some space, or set UGATIT_CACHE"):
        draw_faces(FaceSet("lorelei"), range(3), 64)
    assert not [name for name in files(cache) if name.endswith((".webp", ".partial"))]


def test_both_sides_of_a_pair_train_on_other_seeds_and_hold_out_the_same(tmp_path: Path) -> None:
    sources = ("faces:lorelei,glasses=no,count=6", "faces:lorelei,glasses=yes,count=6")
    lines: list[str] = []
    data = open_data(DataConfig(sources), 32, 0, tmp_path / "run", lines.append)
    assert not (tmp_path / "run").exists()
    numbers = [{int(path.stem) for path in source.paths} for source in data.pictures]
    assert numbers == [set(range(0, 12, 2)), set(range(1, 12, 2))]
    held_out = [source.held_out(2) for source in data.pictures]
    for seed, (without, with_glasses) in enumerate(zip(*held_out, strict=True), start=900_001):
        assert without.tobytes() == face("lorelei", seed, 32, glasses=False)[0].tobytes()
        assert with_glasses.tobytes() == face("lorelei", seed, 32, glasses=True)[0].tobytes()
    shown = [data.pictures[0].picture(position).tobytes() for position in range(6)]
    assert len(set(shown)) == 6
    again = open_data(DataConfig(sources), 32, 0, tmp_path / "run")
    assert [again.pictures[0].picture(position).tobytes() for position in range(6)] == shown


def test_more_faces_than_there_are_seeds_are_refused(tmp_path: Path) -> None:
    sources = ("faces:lorelei,count=500000", "faces:toon-head")
    with pytest.raises(DataError, match="count must be at most 450,000 faces, got 500,000"):
        open_data(DataConfig(sources), 32, 0, tmp_path / "run")
