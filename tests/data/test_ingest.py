"""One side of a pair from a user's source: what is held out, what is refused, and what stays on disk."""

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.data.helpers import files
from tests.data.zips import png, png_members, write_zip
from tests.tiny import picture_folder
from ugatit.data.domain import Picture
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.errors import DataError


def digests(pictures: tuple[Picture, ...]) -> set[str]:
    return {picture.digest for picture in pictures}


def test_one_zip_of_the_published_layout_serves_both_sides(tmp_path: Path) -> None:
    members = {
        f"data/{f}/{i}.png": png(i + 10 * n) for n, f in enumerate(("trainA", "trainB", "testB")) for i in (1, 2)
    }
    path = write_zip(tmp_path / "horse2zebra.zip", members)
    a, b = (ingest(str(path), tmp_path / side, side) for side in ("a", "b"))
    assert (a.name, b.name) == ("horse", "zebra")
    assert (len(a.training), len(a.held_out), len(b.training), len(b.held_out)) == (2, 0, 2, 2)
    assert not digests(a.training) & digests(b.training + b.held_out)
    # The unpacked pictures are split the same way when they are ingested again.
    again = ingest(str(tmp_path / "b"), tmp_path / "c", "b")
    assert (again.training, again.held_out) == (b.training, b.held_out)


@pytest.mark.parametrize(("count", "held_out"), [(2, 0), (9, 0), (10, 1), (25, 2), (40, 4)])
def test_a_tenth_is_held_out(count: int, held_out: int, tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=count, size=8)
    domain = ingest(str(folder), into, "a", seed=3)
    assert (len(domain.held_out), len(domain.training)) == (held_out, count - held_out)
    assert not {p.path for p in domain.held_out} & {p.path for p in domain.training}
    assert ingest(str(folder), into, "a", seed=3) == domain


def test_another_seed_holds_out_other_pictures(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=20, size=8)
    assert len({ingest(str(folder), into, "a", seed=seed).held_out for seed in range(6)}) > 1


def test_copies_of_a_held_out_picture_are_not_trained_on(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=20, size=8)
    for path in sorted(folder.iterdir()):
        shutil.copy(path, folder / f"copy {path.name}")
    domain = ingest(str(folder), into, "a")
    assert len(domain.held_out) == 4
    assert not digests(domain.held_out) & digests(domain.training)


def test_test_folder_is_held_out_even_inside_the_training_folder(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=12, size=8)
    test = picture_folder(folder / "apart", "square", 2, 8)
    domain = ingest(str(folder), into, "a", str(test))
    assert [picture.path.parent for picture in domain.training] == [folder] * 12
    assert [picture.path.parent for picture in domain.held_out] == [test] * 2


def test_test_zip_is_held_out(tmp_path: Path, into: Path) -> None:
    folder, test = picture_folder(tmp_path / "cats", count=12, size=8), write_zip(tmp_path / "t.zip", png_members(3))
    domain = ingest(str(folder), into, "a", str(test))
    assert (len(domain.training), len(domain.held_out)) == (12, 3)


def test_published_test_folder_given_by_name_is_taken_whole(tmp_path: Path, into: Path) -> None:
    for letter in "AB":
        picture_folder(tmp_path / f"train{letter}", count=3, size=8)
        picture_folder(tmp_path / f"test{letter}", count=2, size=8)
    domain = ingest(str(tmp_path / "trainA"), into, "a", str(tmp_path / "testB"))
    assert {picture.path.parent.name for picture in domain.held_out} == {"testB"}


def test_test_source_without_pictures_is_refused(tmp_path: Path, into: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty holds no pictures to hold out"):
        ingest(str(picture_folder(tmp_path / "cats")), into, "a", str(tmp_path / "empty"))


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_pictures_are_refused_with_the_dropped_files(count: int, tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=count)
    (folder / "notes.txt").write_text("words")
    with pytest.raises(DataError) as caught:
        ingest(str(folder), into, "a")
    assert f"cats holds {count} training pictures; a domain needs at least two." in str(caught.value)
    assert "notes.txt (is no picture of a known format" in str(caught.value)


def test_existing_files_stay_after_a_refusal(tmp_path: Path, into: Path) -> None:
    into.mkdir(parents=True)
    (into / "mine.txt").touch()
    with pytest.raises(DataError, match="needs at least two"):
        ingest(str(write_zip(tmp_path / "cats.zip", png_members(1))), into, "a")
    assert [path.name for path in into.iterdir()] == ["mine.txt"]


def test_pictures_are_not_mixed_with_those_unpacked_before(tmp_path: Path, into: Path) -> None:
    path = write_zip(tmp_path / "cats.zip", png_members())
    domain = ingest(str(path), into, "a")
    with pytest.raises(DataError, match="already there"):
        ingest(str(path), into, "a")
    assert all(picture.path.is_file() for picture in domain.training)


LAYOUTS = {
    "plain": ("{0}/{1}.png", 0),
    "one folder around": ("pets/{0}/{1}.png", 0),
    "train and test inside": ("{0}/train/{1}.png {0}/test/9{1}.png", 3),
    "train and test outside": ("train/{0}/{1}.png test/{0}/9{1}.png", 3),
    "deeper": ("{0}/good/{1}.png", 0),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_folder_for_each_domain_is_found_in_any_layout(layout: str, tmp_path: Path) -> None:
    names, held_out = LAYOUTS[layout]
    members = {
        name.format(pet, i): png(100 * p + 10 * i + n)
        for p, pet in enumerate(("dog", "cat", "ox"))
        for i in range(3)
        for n, name in enumerate(names.split())
    }
    zipped = write_zip(tmp_path / "pets.zip", members)
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(tmp_path / "pets")
    for source in (zipped, tmp_path / "pets"):
        domains = ingest_folders(source, tmp_path / f"into{source.suffix}")
        assert [(d.name, len(d.training), len(d.held_out)) for d in domains] == [
            (pet, 3, held_out) for pet in ("cat", "dog", "ox")
        ]
        assert [domain.source for domain in domains] == [f"{source}/{domain.name}" for domain in domains]
    assert files(tmp_path / "into.zip")[0] == "1/train/00001.png" if not held_out else "1/test/00001.png"
    assert not (tmp_path / "into").exists()


def test_several_uploaded_zips_are_a_domain_each(tmp_path: Path) -> None:
    uploads = [
        write_zip(tmp_path / "ox.zip", {"1.png": png(1), "2.png": png(2)}),
        write_zip(tmp_path / "cat.zip", {"1.png": png(3), "2.png": png(4)}),
    ]
    assert [domain.name for domain in ingest_folders(uploads, tmp_path / "into")] == ["cat", "ox"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"1.png": 1, "2.png": 2}, "has 0 folders with files; it needs one for each domain"),
        ({"cat/1.png": 1, "cat/2.png": 2}, "has 1 folders with files"),
        (
            {"cat/1.png": 1, "dog/1.png": 2, "dog/2.png": 3},
            "cat holds 1 training pictures; a domain needs",
        ),
        ({f"{i}/{j}.png": i for i in range(65) for j in (0, 1)}, "has 65 folders with files"),
    ],
)
def test_source_without_domains_is_refused_and_leaves_nothing(
    members: dict[str, int], message: str, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "pets.zip", {name: png(seed) for name, seed in members.items()})
    with pytest.raises(DataError, match=message):
        ingest_folders(path, tmp_path / "into")
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize("around", ["", "pets/"])
def test_files_outside_the_domains_are_reported(around: str, tmp_path: Path) -> None:
    names = ("ox/1.png", "ox/2.png", "cat/1.png", "cat/2.png", "readme.png")
    members = {around + name: png(seed) for seed, name in enumerate(names)}
    domains = ingest_folders(write_zip(tmp_path / "pets.zip", members), tmp_path / "into")
    assert [(d.name, d.reason) for d in domains[0].dropped] == [
        (f"{around}readme.png", "lies outside the domains' folders")
    ]
    assert not domains[1].dropped
