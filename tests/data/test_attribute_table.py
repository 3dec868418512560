"""Attribute tables in CelebA's format: what is read, what is left out by name, and a run's data of one or two sets."""

from pathlib import Path

import pytest

from tests.data.zips import write_zip
from tests.tiny import picture_folder
from tests.toy_package import colored_folders
from ugatit.config import DataConfig
from ugatit.data import open_data
from ugatit.data.attribute_table import ingest_table, parse_table
from ugatit.data.datasets import LabelledDataset
from ugatit.data.sources import FileSource
from ugatit.errors import DataError

NAMES = ("Eyeglasses", "Black_Hair", "Blond_Hair")


def labels_of(number: int) -> tuple[int, ...]:
    return (number % 2, int(number % 3 == 0), int(number % 3 == 1))


def table_text(count: int) -> str:
    rows = [f"{n:03d}.png  " + " ".join("1" if one else "-1" for one in labels_of(n)) for n in range(count)]
    return "\n".join([str(count), " ".join(NAMES), *rows, ""])


def celeba(folder: Path, count: int = 12) -> Path:
    """Write pictures into a folder of their own, and the table beside it."""
    picture_folder(folder / "img_align_celeba", count=count)
    (folder / "list_attr_celeba.txt").write_text(table_text(count))
    return folder


def test_pictures_have_the_labels_of_their_rows(tmp_path: Path) -> None:
    domain = ingest_table(celeba(tmp_path / "celeba"), tmp_path / "into", ())
    assert domain is not None
    assert (domain.name, domain.attributes, domain.dropped) == ("celeba", NAMES, ())
    assert len(domain.held_out) == 1
    for picture in (*domain.training, *domain.held_out):
        assert picture.labels == labels_of(int(picture.path.stem))


def test_a_zip_has_them_too_though_its_pictures_are_renamed(tmp_path: Path) -> None:
    folder = celeba(tmp_path / "celeba", 4)
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    domain = ingest_table(write_zip(tmp_path / "celeba.zip", files), tmp_path / "into", ("Eyeglasses",))
    assert domain is not None
    assert domain.attributes == ("Eyeglasses",)
    assert sorted(picture.labels for picture in domain.training) == [(0,), (0,), (1,), (1,)]


def test_chosen_attributes_come_in_the_order_they_are_named_in(tmp_path: Path) -> None:
    domain = ingest_table(celeba(tmp_path / "celeba"), tmp_path / "into", ("Blond_Hair", "Eyeglasses"))
    assert domain is not None
    assert domain.attributes == ("Blond_Hair", "Eyeglasses")
    assert all(p.labels == labels_of(int(p.path.stem))[::-2] for p in domain.training)
    with pytest.raises(DataError, match="no attribute 'Beard'; it has: Eyeglasses, Black_Hair, Blond_Hair"):
        ingest_table(tmp_path / "celeba", tmp_path / "other", ("Beard",))


def test_pictures_without_a_row_and_rows_without_a_picture_are_named(tmp_path: Path) -> None:
    folder = celeba(tmp_path / "celeba", 8)
    (folder / "img_align_celeba" / "003.png").rename(folder / "img_align_celeba" / "stray.png")
    domain = ingest_table(folder, tmp_path / "into", ())
    assert domain is not None
    assert [(d.name, d.reason) for d in domain.dropped] == [
        ("img_align_celeba/stray.png", "has no row in the table"),
        ("003.png", "in the table, but not there: 1 such rows"),
    ]


def test_a_source_without_a_table_has_none(tmp_path: Path) -> None:
    assert ingest_table(colored_folders(tmp_path / "colors"), tmp_path / "into", ()) is None
    assert not (tmp_path / "into").exists()


def test_an_attribute_that_all_pictures_have_or_none_is_left_out_by_name(tmp_path: Path) -> None:
    folder = celeba(tmp_path / "celeba", 12)
    table = folder / "list_attr_celeba.txt"
    head, names, *rows = table.read_text().splitlines()
    table.write_text("\n".join([head, f"{names} Bald Young", *(f"{row} -1 1" for row in rows)]))
    domain = ingest_table(folder, tmp_path / "into", ())
    assert domain is not None
    assert domain.attributes == NAMES
    assert [(d.name, d.reason) for d in domain.dropped] == [
        ("list_attr_celeba.txt: Bald", "no picture has it"), ("list_attr_celeba.txt: Young", "every picture has it"),
    ]  # fmt: skip
    assert all(picture.labels == labels_of(int(picture.path.stem)) for picture in domain.training)
    with pytest.raises(DataError, match="no picture has the attribute Bald"):
        ingest_table(folder, tmp_path / "other", ("Eyeglasses", "Bald"))


def test_samples_of_an_attribute_are_training_pictures_where_no_held_out_one_has_it(tmp_path: Path) -> None:
    domain = ingest_table(celeba(tmp_path / "celeba"), tmp_path / "into", ())
    assert domain is not None
    source = FileSource(domain, 0)
    assert all(len(source.held_out_with(name, 2)) >= 1 for name in NAMES)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "first line must be the number"),
        ("no number\na b\n", "first line must be the number"),
        ("1\na a\nx.png 1 1\n", "line 2: the attributes must be"),
        ("1\na b\nx.png 1\n", "line 3: 1 values for 2 attributes"),
        ("1\na b\nx.png 1 2\n", "line 3: '2' is neither 1 nor -1"),
        ("2\na b\nx.png 1 -1\n", "says 2 pictures and has rows of 1"),
    ],
)
def test_damaged_tables_are_refused_by_line(text: str, match: str) -> None:
    with pytest.raises(DataError, match=match):
        parse_table(text, "list.txt")


def test_an_attribute_that_every_picture_has_is_refused(tmp_path: Path) -> None:
    folder = celeba(tmp_path / "celeba", 4)
    table = folder / "list_attr_celeba.txt"
    table.write_text(table.read_text().replace(" -1", " 1"))
    with pytest.raises(DataError, match="every picture has the attribute Eyeglasses"):
        ingest_table(folder, tmp_path / "into", ())


def test_two_sets_are_opened_again_from_the_listing_and_give_a_picture_of_each(tmp_path: Path) -> None:
    sources = (str(celeba(tmp_path / "celeba")), str(colored_folders(tmp_path / "colors", 4)))
    config = DataConfig(sources, margin=0.0, attributes=NAMES[:2])
    first, again = (open_data(config, 16, 0, tmp_path / "run", labelled=True) for _ in range(2))
    for data in (first, again):
        assert [(one.names, one.binary) for one in data.sets] == [
            (NAMES[:2], True), (("blue", "green", "red"), False)
        ]  # fmt: skip
    assert first.domains == again.domains
    sample = LabelledDataset([one.sources for one in again.sets], 16, config, 0, 10)[7]
    assert {name: tuple(values.shape) for name, values in sample.items()} == {
        "pictures.0": (3, 16, 16), "labels.0": (2,), "pictures.1": (3, 16, 16), "labels.1": (3,)
    }  # fmt: skip
    with pytest.raises(DataError, match="colors has no attribute table: leave --attributes out"):
        open_data(DataConfig(sources[1:], attributes=("a",)), 16, 0, tmp_path / "other", labelled=True)
