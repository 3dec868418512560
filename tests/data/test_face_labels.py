"""Labels of drawn faces: exclusive expressions, attributes that vary, and a run's data of both."""

from pathlib import Path

import pytest

from tests.toy_package import colored_folders
from ugatit.config import DataConfig
from ugatit.data import open_data
from ugatit.data.face_labels import expression_sets, face_labels, learnable_labels
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.faces import STYLES, face_attributes
from ugatit.data.opened import OpenedData
from ugatit.data.sources import FaceSource, LabelledFaceSource
from ugatit.errors import DataError

EXPRESSIONS = STYLES["micah"].expressions
HAIR = ("hair black", "hair brown", "hair blond", "hair red", "hair grey")
SKIN = ("skin light", "skin tan", "skin brown", "skin dark")


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path_factory.getbasetemp() / "faces"))


def names(text: str, *attributes: str) -> tuple[str, ...]:
    return tuple(face_labels(FaceSet.parse(text), attributes))


def opened(tmp_path: Path, *sources: str, attributes: tuple[str, ...] = ()) -> OpenedData:
    config = DataConfig(sources, margin=0.0, attributes=attributes)
    return open_data(config, 16, 0, tmp_path / "run", labelled=True)


def test_attributes_are_those_that_the_seed_decides() -> None:
    assert names("faces:lorelei") == (*HAIR, *SKIN, "glasses", "smile")
    assert names("faces:lorelei,hair=red,smile=no,beard=any,hair_accessories=any,freckles=yes") == (
        *SKIN, "glasses", "beard", "hair accessories",
    )  # fmt: skip
    assert names("faces:big-ears") == (*HAIR, *SKIN)
    # Lines have no colours, and a named expression decides the smile.
    assert names("faces:adventurer,lines=yes") == ("glasses",)
    assert names("faces:micah,expression=sad,skin=tan") == (*HAIR, "glasses")


def test_a_name_stands_for_all_values_and_a_full_name_for_one() -> None:
    assert names("faces:lorelei", "glasses", "hair") == ("glasses", *HAIR)
    assert names("faces:lorelei,hair_accessories=any", "hair red", "hair_accessories", "hair red") == (
        "hair red", "hair accessories",
    )  # fmt: skip
    assert names("faces:micah", "expression", "smile") == (*(f"expression {name}" for name in EXPRESSIONS), "smile")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            "faces:lorelei",
            "tail",
            "no attribute 'tail' that varies; there are: hair, skin, glasses, smile, or one value",
        ),
        ("faces:lorelei", "beard", "no attribute 'beard' that varies.*NAME=any"),
        ("faces:lorelei,glasses=yes", "glasses", "no attribute 'glasses' that varies"),
        ("faces:lorelei", "hair purple", "such as 'hair black'"),
    ],
)
def test_an_attribute_that_does_not_vary_is_refused_with_those_that_do(text: str, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        names(text, name)


def test_what_a_few_faces_do_not_differ_in_is_left_out_unless_it_was_named() -> None:
    faces = FaceSet.parse("faces:lorelei,count=4")
    rows = [face_attributes("lorelei", seed) for seed in range(4)]
    labels = learnable_labels(faces, (), range(4))
    assert [name for name in labels if name in HAIR] == [h for h in HAIR if h[5:] in {row.hair for row in rows}]
    missing = next(name for name in HAIR if name not in labels)
    with pytest.raises(DataError, match=f"all of 4 faces or none have '{missing}'.*count="):
        learnable_labels(faces, (missing,), range(4))
    fixed = ",".join(("hair=red", "skin=tan", "glasses=no", "smile=yes"))
    with pytest.raises(DataError, match=r"No attribute of .* varies"):
        names(f"faces:lorelei,{fixed}")


def test_expressions_exclude_each_other_and_share_the_count() -> None:
    sets = expression_sets(FaceSet.parse("faces:micah,glasses=yes,count=20"))
    assert tuple(sets) == EXPRESSIONS
    assert sum(faces.count for faces in sets.values()) == 20
    assert {faces.count for faces in sets.values()} == {2, 3}
    assert sets["sad"].named == {"glasses": True, "expression": "sad"}
    assert tuple(expression_sets(FaceSet.parse("faces:micah,smile=yes"))) == STYLES["micah"].happy
    for text in ("faces:micah,expression=sad", "faces:lorelei"):
        assert expression_sets(FaceSet.parse(text)) == {}
    with pytest.raises(DataError, match="at least 16 faces, 2 for each of 8 expressions; got 15"):
        expression_sets(FaceSet.parse("faces:micah,count=15"))


def test_labels_follow_from_the_seeds_and_those_of_a_runs_sources_differ(tmp_path: Path) -> None:
    data = opened(tmp_path, "faces:lorelei,beard=any,count=30", "faces:micah,count=16")
    first, second = data.sets
    assert (first.binary, second.binary, second.names) == (True, False, EXPRESSIONS)
    assert "beard" in first.names
    (table,) = first.sources
    assert isinstance(table, LabelledFaceSource)
    assert table.attributes == first.names
    seeds = [int(path.stem) for path in table.paths]
    for index, seed in enumerate(seeds):
        attributes = face_attributes("lorelei", seed, beard="any")
        has = dict(zip(first.names, table.labels(index), strict=True))
        assert (has["beard"], has["glasses"]) == (attributes.beard, attributes.glasses)
        assert [name for name in HAIR if has.get(name)] == [f"hair {attributes.hair}"]
    seeds += [int(path.stem) for source in second.sources if isinstance(source, FaceSource) for path in source.paths]
    assert len(seeds) == len(set(seeds)) == 46
    assert data.pictures == (table, *second.sources)
    assert not (tmp_path / "run" / "data.json").exists(), "drawn pictures are not listed"


def test_held_out_faces_have_the_attribute(tmp_path: Path) -> None:
    ((source,),) = (one.sources for one in opened(tmp_path, "faces:lorelei,count=30", attributes=("glasses",)).sets)
    having = [s for s in range(FIRST_HELD_OUT, FIRST_HELD_OUT + 40) if face_attributes("lorelei", s).glasses][:3]
    faces = FaceSet.parse("faces:lorelei")
    assert [p.tobytes() for p in source.held_out_with("glasses", 3)] == [faces.draw(s, 16).tobytes() for s in having]


def test_attributes_make_a_table_of_a_style_with_expressions(tmp_path: Path) -> None:
    (only,) = opened(tmp_path, "faces:micah,count=30", attributes=("glasses", "smile")).sets
    assert (only.binary, only.names) == (True, ("glasses", "smile"))


def test_one_set_may_be_files_and_is_listed_while_the_other_is_drawn(tmp_path: Path) -> None:
    sources = (str(colored_folders(tmp_path / "colors")), "faces:micah,count=16")
    first, again = (opened(tmp_path, *sources) for _ in range(2))
    assert first.domains == again.domains
    assert [one.names for one in again.sets] == [("blue", "green", "red"), EXPRESSIONS]
    assert len(again.pictures) == 11
    with pytest.raises(DataError, match="colors has no attribute table"):
        opened(tmp_path, *sources, attributes=("glasses",))


def test_scenes_have_no_labels(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="scenes:disc has no labels"):
        opened(tmp_path, "scenes:disc")
