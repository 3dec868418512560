"""Domains that visitors upload or name."""

from pathlib import Path

import pytest

from tests.tiny import picture_folder
from ugatit.data.ingest import ingest
from ugatit.errors import DataError
from viz.i18n.english import ENGLISH
from viz.tabs.access import AccessError
from viz.tabs.inputs import MAX_PICTURE_BYTES
from viz.tabs.train.staging import StagingArea, stage_domain


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StagingArea:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    return StagingArea()


def test_uploads_become_a_domain_and_the_run_gets_its_own_copies(staging: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=12).iterdir())
    token, staged = staging.put(files, "a")
    options = staged.data_options(tmp_path / "run", "a")
    training, held_out = tmp_path / "run/data/a", tmp_path / "run/data/a-held-out"
    assert options == [f"--domain-a={training}", f"--test-a={held_out}"]
    staging.drop(token)
    assert staging.get(token) is None
    assert not staged.folder.exists()
    domain = ingest(training, tmp_path / "elsewhere", "a", str(held_out))
    assert (len(domain.training), len(domain.held_out)) == (11, 1)


def test_a_local_folder_is_not_copied(staging: StagingArea, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    _, staged = staging.put(f" {folder} ", "b")
    assert staged.name == "mine"
    assert staged.data_options(tmp_path / "run", "b") == [f"--domain-b={folder}"]
    assert not (tmp_path / "run").exists()


def test_drawn_scenes_need_no_files(staging: StagingArea, tmp_path: Path) -> None:
    _, staged = staging.put("scenes:disc", "a")
    assert staged.data_options(tmp_path / "run", "a") == ["--domain-a=scenes:disc"]
    assert staged.strips("crop", ENGLISH)[0].thumbnails
    with pytest.raises(DataError, match="scenes:square"):
        staging.put("scenes:cat", "a")


def test_a_picture_that_is_too_large_is_left_out_and_named(staging: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=3).iterdir())
    with files[0].open("ab") as file:
        file.truncate(MAX_PICTURE_BYTES + 1)
    _, staged = staging.put(files, "a")
    assert staged.domain is not None
    assert [file.name for file in staged.domain.dropped] == ["000.png"]
    assert "20 MB" in staged.domain.dropped[0].reason
    with pytest.raises(DataError, match=r"000\.png.*20 MB"):
        staging.put(files[:1], "a")


def test_a_source_that_cannot_be_used_leaves_no_files(staging: StagingArea, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(DataError, match=r"letter\.png"):
        staging.put([tmp_path / "letter.png"], "a")
    assert not any(path.is_file() for path in (tmp_path / "uploads").rglob("*"))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_where_others_reach_the_page_no_local_path_is_read(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    for path in (str(folder), f" {folder}", "mine", "../mine", "file:///etc", "Hub:owner/name"):
        with pytest.raises(AccessError, match="upload pictures"):
            stage_domain(path, "a", local_folders=False)
    assert stage_domain("scenes:disc", "a", local_folders=False).domain is None


def test_warnings_name_what_both_sides_share(staging: StagingArea, tmp_path: Path) -> None:
    a, _ = staging.put(str(picture_folder(tmp_path / "a")), "a")
    b, _ = staging.put(str(picture_folder(tmp_path / "b")), "b")
    drawn, _ = staging.put("scenes:disc", "a")
    assert any("both sides" in warning for warning in staging.warnings((a, b)))
    assert any("pears" in warning for warning in staging.warnings((a, b), ("", "pears")))
    assert staging.warnings((drawn, b)) == staging.warnings((a, "")) == []
