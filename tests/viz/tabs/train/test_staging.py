"""What a person brings: understood at once, given to a run, or forgotten."""

from pathlib import Path

import pytest

from tests.tiny import picture_folder
from ugatit.data.ingest import ingest
from ugatit.errors import DataError
from viz.i18n.english import ENGLISH
from viz.tabs.access import AccessError
from viz.tabs.inputs import LARGEST
from viz.tabs.train.staging import StagingArea, understood


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StagingArea:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    return StagingArea()


def test_uploads_become_a_domain_and_their_run_gets_pictures_of_its_own(stage: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=12).iterdir())
    token, staged = stage.put(files, "a")
    options = staged.settle(tmp_path / "run", "a")
    learned, watched = tmp_path / "run/data/a", tmp_path / "run/data/a-held-out"
    assert options == [f"--domain-a={learned}", f"--test-a={watched}"]
    stage.drop(token)
    assert stage.get(token) is None
    assert not staged.folder.exists()
    again = ingest(learned, tmp_path / "elsewhere", "a", str(watched))
    assert (len(again.training), len(again.held_out)) == (11, 1)


def test_a_folder_of_this_machine_is_read_where_it_lies(stage: StagingArea, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    _, staged = stage.put(f" {folder} ", "b")
    assert staged.name == "mine"
    assert staged.settle(tmp_path / "run", "b") == [f"--domain-b={folder}"]
    assert not (tmp_path / "run").exists()


def test_drawn_scenes_need_no_files(stage: StagingArea, tmp_path: Path) -> None:
    _, staged = stage.put("scenes:disc", "a")
    assert staged.settle(tmp_path / "run", "a") == ["--domain-a=scenes:disc"]
    assert staged.strip("crop", ENGLISH).thumbnails
    with pytest.raises(DataError, match="scenes:square"):
        stage.put("scenes:cat", "a")


def test_a_picture_too_large_is_left_out_and_named(stage: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=3).iterdir())
    with files[0].open("ab") as file:
        file.truncate(LARGEST + 1)
    _, staged = stage.put(files, "a")
    assert staged.domain is not None
    assert [each.name for each in staged.domain.dropped] == ["000.png"]
    assert "20 MB" in staged.domain.dropped[0].reason
    with pytest.raises(DataError, match=r"000\.png.*20 MB"):
        stage.put(files[:1], "a")


def test_what_cannot_be_used_leaves_nothing_behind(stage: StagingArea, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(DataError, match=r"letter\.png"):
        stage.put([tmp_path / "letter.png"], "a")
    assert not any(path.is_file() for path in (tmp_path / "uploads").rglob("*"))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_where_others_reach_the_page_no_path_is_read(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    for path in (str(folder), f" {folder}", "mine", "../mine", "file:///etc", "Hub:owner/name"):
        with pytest.raises(AccessError, match="upload pictures"):
            understood(path, "a", folders=False)
    assert understood("scenes:disc", "a", folders=False).domain is None


def test_a_pair_is_warned_of_what_both_sides_share(stage: StagingArea, tmp_path: Path) -> None:
    a, _ = stage.put(str(picture_folder(tmp_path / "a")), "a")
    b, _ = stage.put(str(picture_folder(tmp_path / "b")), "b")
    drawn, _ = stage.put("scenes:disc", "a")
    assert any("both sides" in each for each in stage.warnings((a, b)))
    assert any("pears" in each for each in stage.warnings((a, b), ("", "pears")))
    assert stage.warnings((drawn, b)) == stage.warnings((a, "")) == []
