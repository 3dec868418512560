"""Pairs of pictures: found in folders and side by side, left out by name, cropped and mirrored alike."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from tests.data.helpers import drop_reasons, files
from tests.data.zips import write_zip
from ugatit.config import DataConfig
from ugatit.data.datasets import PairedDataset
from ugatit.data.domain import Domain
from ugatit.data.face_set import FaceSet
from ugatit.data.faces import face
from ugatit.data.kinds import DataKind
from ugatit.data.opened import open_data
from ugatit.data.pair_sources import face_pairs, file_pairs
from ugatit.data.pairs import ingest_pairs
from ugatit.errors import DataError

SIDE = 20


def noise(seed: int, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    width, height = size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def negative(picture: Image.Image) -> Image.Image:
    return Image.fromarray(255 - np.asarray(picture))


def save(picture: Image.Image, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path


def two_folders(root: Path, count: int = 4, a: str = "A", b: str = "B", first: int = 0) -> Path:
    """Pairs of a picture and its negative, in the folders `a` and `b` below `root`."""
    for number in range(first, first + count):
        save(noise(number), root / a / f"{number:03d}.png")
        save(negative(noise(number)), root / b / f"{number:03d}.png")
    return root


def side_by_side(root: Path, count: int = 4, folder: str = "train", first: int = 0) -> Path:
    """The same pairs as pictures twice as wide as high, A left."""
    for number in range(first, first + count):
        picture = Image.new("RGB", (2 * SIDE, SIDE))
        picture.paste(noise(number), (0, 0))
        picture.paste(negative(noise(number)), (SIDE, 0))
        save(picture, root / folder / f"{number}.png")
    return root


def assert_pairs(domains: tuple[Domain, Domain], training: int, held_out: int) -> None:
    """Assert the numbers of pairs, and that each is a picture and its negative."""
    a, b = file_pairs(domains, seed=3)
    assert [len(domain.training) for domain in domains] == [training] * 2
    assert [len(domain.held_out) for domain in domains] == [held_out] * 2
    shown = [(a.picture(position), b.picture(position)) for position in range(training)]
    for left, right in [*shown, *zip(a.held_out(9), b.held_out(9), strict=True)]:
        assert left.size == right.size == (SIDE, SIDE)
        assert (np.asarray(left) == 255 - np.asarray(right)).all()
    assert len({left.tobytes() for left, _ in shown}) == training


@pytest.mark.parametrize(
    ("train", "test"),
    [
        (("A", "B"), None),
        (("a", "b"), None),
        (("trainA", "trainB"), ("testA", "testB")),
        (("A/train", "B/train"), ("A/val", "B/val")),
        (("train/A", "train/B"), ("test/A", "test/B")),
    ],
)
def test_pairs_in_two_folders(tmp_path: Path, into: Path, train: tuple[str, str], test: tuple[str, str] | None) -> None:
    root = two_folders(tmp_path / "maps", 4, *train)
    if test:
        two_folders(root, 2, *test, first=10)
    domains = ingest_pairs(str(root), into)
    assert_pairs(domains, 4, 2 if test else 0)
    assert [domain.name for domain in domains] == ["A", "B"]
    assert not into.exists()


def test_pairs_side_by_side_are_halved_as_they_are_read(tmp_path: Path, into: Path) -> None:
    root = side_by_side(tmp_path / "edges2shoes", 4)
    side_by_side(side_by_side(root, 1, "val", 4), 1, "test", 4)
    domains = ingest_pairs(str(root), into)
    assert_pairs(domains, 4, 2)
    assert [domain.name for domain in domains] == ["edges", "shoes"]
    assert {picture.size for domain in domains for picture in domain.training} == {(SIDE, SIDE)}
    assert not into.exists()


@pytest.mark.parametrize("build", [two_folders, side_by_side])
def test_pairs_in_a_zip(tmp_path: Path, into: Path, build: object) -> None:
    root = build(tmp_path / "facades", 5)
    members = {f"facades/{path.relative_to(root)}": path.read_bytes() for path in root.rglob("*.png")}
    domains = ingest_pairs(str(write_zip(tmp_path / "facades.zip", members)), into)
    assert_pairs(domains, 5, 0)
    assert {path.split("/")[0] for path in files(into)} == {"train"}


def test_two_uploaded_zips_are_the_two_folders(tmp_path: Path, into: Path) -> None:
    root = two_folders(tmp_path / "up", 3)
    zips = [
        write_zip(tmp_path / f"{side}.zip", {path.name: path.read_bytes() for path in (root / side).iterdir()})
        for side in "AB"
    ]
    assert_pairs(ingest_pairs(zips, into), 3, 0)


def test_tenth_of_the_pairs_is_held_out_by_the_seed(tmp_path: Path, into: Path) -> None:
    root = side_by_side(tmp_path / "pairs", 20, "train")
    domains = ingest_pairs(str(root), into)
    assert_pairs(domains, 18, 2)
    assert ingest_pairs(str(root), into) == domains
    assert ingest_pairs(str(root), into, seed=1)[0].held_out != domains[0].held_out


def test_picture_without_its_partner_is_named_and_left_out(tmp_path: Path, into: Path) -> None:
    root = two_folders(tmp_path / "maps", 3)
    save(noise(7), root / "A" / "alone.png")
    save(noise(8), root / "B" / "single.png")
    save(noise(9), root / "A" / "000.jpg")
    save(noise(9), root / "loose.png")
    (root / "A" / "001.png").write_bytes(b"no picture")
    save(noise(7, (SIDE, 30)), root / "B" / "extra.png")
    save(noise(7), root / "A" / "extra.png")
    two_folders(root, 1, first=50)
    a, b = ingest_pairs(str(root), into)
    reasons = drop_reasons(a)
    assert reasons.pop("A/001.png")
    assert reasons == {
        "loose.png": "lies outside the folders A and B",
        "A/alone.png": "has no partner in B",
        "B/single.png": "has no partner in A",
        "A/000.png": "has the name of A/000.jpg; pairs go by their names",
        "B/001.png": "its partner cannot be read",
        "A/extra.png": "20x20, its partner 20x30",
        "B/extra.png": "20x30, its partner 20x20",
    }
    assert len(a.training) == 3
    assert not b.dropped


def test_what_is_left_out_of_a_zip_is_deleted(tmp_path: Path, into: Path) -> None:
    root = side_by_side(tmp_path / "pairs", 3)
    save(noise(9, (30, 20)), root / "train" / "photo.png")
    members = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.png")}
    a, _ = ingest_pairs(str(write_zip(tmp_path / "pairs.zip", members)), into)
    assert drop_reasons(a) == {"train/photo.png": "30x20: no pair side by side, which is twice as wide as high"}
    assert len(files(into)) == 3


def only_a(root: Path) -> None:
    two_folders(root, 3)
    for path in (root / "B").iterdir():
        path.unlink()


def other_names(root: Path) -> None:
    for number in range(3):
        save(noise(number), root / "A" / f"{number}.png")
        save(noise(number), root / "B" / f"{number}_b.png")


@pytest.mark.parametrize(
    ("build", "match"),
    [
        (only_a, r"has 0 pairs .*Dropped: A/000\.png \(has no partner in B\)"),
        (other_names, r"has 0 pairs .*folders A and B with equal names.*no partner.*and 3 more"),
        (lambda root: side_by_side(root, 1), "has 1 pairs to train on; it needs two or more"),
        (lambda root: [save(noise(n), root / f"{n}.png") for n in range(3)], r"0 pairs.*20x20: no pair side by side"),
        (lambda root: save(noise(0), root / "x.png").write_bytes(b"x"), r"0 pairs.*Dropped: x\.png"),
        (lambda root: root.mkdir(), "has 0 pairs"),
    ],
)
def test_source_without_pairs_is_refused_kindly(tmp_path: Path, into: Path, build: object, match: str) -> None:
    root = tmp_path / "source"
    build(root)
    with pytest.raises(DataError, match=match) as caught:
        ingest_pairs(str(root), into)
    assert "source" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not into.exists()


def test_failure_leaves_nothing_unpacked(tmp_path: Path, into: Path) -> None:
    root = side_by_side(tmp_path / "pairs", 1)
    members = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.png")}
    with pytest.raises(DataError, match="has 1 pairs"):
        ingest_pairs(str(write_zip(tmp_path / "pairs.zip", members)), into)
    assert not into.exists()


def paired_dataset(root: Path, into: Path, **options: object) -> PairedDataset:
    a, b = file_pairs(ingest_pairs(str(root), into), 0)
    return PairedDataset({"A": a, "B": b}, 16, DataConfig((str(root),)), 0, 30, **options)


@pytest.mark.parametrize("build", [two_folders, side_by_side])
def test_both_pictures_of_a_pair_are_cropped_and_mirrored_alike(tmp_path: Path, into: Path, build: object) -> None:
    data = paired_dataset(build(tmp_path / "pairs", 5), into)
    samples = [data[position] for position in range(30)]
    for sample in samples:
        assert sample["A"].shape == (3, 16, 16)
        # Rounding and clipping of the resized squares may differ by a level or two.
        assert (sample["A"] + sample["B"]).abs().max() < 0.02
    assert len({sample["A"].numpy().tobytes() for sample in samples}) > 15


def test_pairs_are_the_same_in_any_order_and_process(tmp_path: Path, into: Path) -> None:
    root = side_by_side(tmp_path / "pairs", 5)
    data, again = paired_dataset(root, into), paired_dataset(root, into, cache_bytes=0)
    expected = [data[position] for position in range(30)]
    assert all(torch.equal(again[p][side], expected[p][side]) for p in reversed(range(30)) for side in "AB")
    batches = list(DataLoader(again, batch_size=5, num_workers=1, multiprocessing_context="spawn"))
    for side in "AB":
        assert torch.equal(torch.cat([batch[side] for batch in batches]), torch.stack([e[side] for e in expected]))


def test_run_finds_its_pairs_again(tmp_path: Path) -> None:
    root = side_by_side(tmp_path / "pairs", 12)
    members = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.png")}
    source = str(write_zip(tmp_path / "pairs.zip", members))
    config, run = DataConfig((source,)), tmp_path / "run"
    first = open_data(config, 16, 0, run, paired=True)
    again = open_data(config, 16, 0, run, paired=True)
    assert [domain.training for domain in first.domains] == [domain.training for domain in again.domains]
    assert len(first.warnings) == 1
    for data in (first, again):
        a, b = data.pictures
        assert (np.asarray(a.picture(4)) == 255 - np.asarray(b.picture(4))).all()
        assert len(a.held_out(5)) == len(b.held_out(5)) == 1


def test_listing_of_another_kind_is_refused(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        for number in range(2):
            save(noise(number), tmp_path / "data" / folder / f"{number}.png")
    config = DataConfig((str(tmp_path / "data"),))
    open_data(config, 16, 0, tmp_path / "run")
    with pytest.raises(DataError, match="Pairs need two domains, got 3"):
        open_data(config, 16, 0, tmp_path / "run", paired=True)


def test_drawn_faces_are_pairs_of_lines_and_color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path / "cache"))
    config = DataConfig(("faces:adventurer,glasses=no,count=4",))
    lines, color = open_data(config, 32, 0, tmp_path / "run", paired=True).pictures
    for position in range(6):
        index = lines.index_at(position)
        assert index == color.index_at(position)
        for side, drawn in ((lines, True), (color, False)):
            expected = face("adventurer", index, 32, glasses=False, lines=drawn)[0]
            assert (np.asarray(side.picture(position)) == np.asarray(expected)).all()
    shown, answers = lines.held_out(2), color.held_out(2)
    assert (np.asarray(shown[1]) == np.asarray(face("adventurer", 900_002, 32, glasses=False, lines=True)[0])).all()
    assert (np.asarray(answers[1]) == np.asarray(face("adventurer", 900_002, 32, glasses=False)[0])).all()


def test_faces_without_lines_are_named() -> None:
    with pytest.raises(DataError, match="lorelei faces are not drawn as lines; these are: adventurer"):
        face_pairs(FaceSet.parse("faces:lorelei"), 32, 0)
    with pytest.raises(DataError, match="leave out lines="):
        face_pairs(FaceSet.parse("faces:adventurer,lines=yes"), 32, 0)


def test_kind_of_paired_data_has_a_name() -> None:
    assert DataKind("paired") is DataKind.PAIRED
