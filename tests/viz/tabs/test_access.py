"""Who may train: decided by where the page runs, and asked by every handler."""

from pathlib import Path

import gradio as gr
import pytest

from viz.tabs import demo
from viz.tabs.access import Access, AccessError, access
from viz.tabs.inputs import LARGEST
from viz.tabs.train.runs import runs_folder

SPACE = {"SPACE_ID": "owner/page", "SPACE_AUTHOR_NAME": "owner"}
LOG_IN = {"OAUTH_CLIENT_ID": "id"}
ON = {"UGATIT_TRAINING": "1"}


def profile(name: str) -> gr.OAuthProfile:
    return gr.OAuthProfile({"name": name.title(), "preferred_username": name, "profile": "", "picture": ""})


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.tabs.access.NEEDED_TO_LOG_IN", ())
    for name in (*SPACE, *LOG_IN, *ON, "SPACES_ZERO_GPU"):
        monkeypatch.delenv(name, raising=False)


def where(monkeypatch: pytest.MonkeyPatch, *settings: dict[str, str]) -> Access:
    for each in settings:
        for name, value in each.items():
            monkeypatch.setenv(name, value)
    return access()


def test_on_ones_own_machine_everyone_may() -> None:
    access().check(None, "en")


@pytest.mark.parametrize(("host", "folders"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_folders_of_the_machine_are_read_only_where_nobody_else_reaches_the_page(host: str, folders: bool) -> None:
    assert access(host=host).folders is folders


def test_no_training_is_off_for_everyone() -> None:
    with pytest.raises(AccessError, match="--no-training"):
        access(training=False).check(profile("owner"), "en")


def test_on_a_space_nobody_may_unless_its_owner_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AccessError, match="UGATIT_TRAINING=1"):
        where(monkeypatch, SPACE, LOG_IN).check(profile("owner"), "en")


def test_on_a_space_that_allows_it_the_owner_alone_may(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = where(monkeypatch, SPACE, LOG_IN, ON)
    assert allowed.on
    allowed.check(profile("owner"), "en")
    with pytest.raises(AccessError, match="not logged in"):
        allowed.check(None, "en")
    for stranger in ("stranger", "Owner", "owner2", ""):
        with pytest.raises(AccessError, match="Only owner"):
            allowed.check(profile(stranger), "en")


@pytest.mark.parametrize("lacking", ["OAUTH_CLIENT_ID", "SPACE_AUTHOR_NAME"])
def test_where_nobody_can_be_known_to_be_the_owner_nobody_may(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    where(monkeypatch, SPACE, LOG_IN, ON)
    monkeypatch.delenv(lacking)
    with pytest.raises(AccessError, match="hf_oauth"):
        access().check(profile("owner"), "en")


def test_a_log_in_that_cannot_be_offered_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.tabs.access.NEEDED_TO_LOG_IN", ("a_module_that_is_nowhere",))
    assert not where(monkeypatch, SPACE, LOG_IN, ON).on


def test_zero_gpu_says_why_not_even_to_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AccessError, match="seconds at a time"):
        where(monkeypatch, SPACE, LOG_IN, ON, {"SPACES_ZERO_GPU": "true"}).check(profile("owner"), "en")


def test_large_uploads_are_taken_only_where_they_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo.largest_upload(training=True) > demo.largest_upload(training=False) > LARGEST
    where(monkeypatch, SPACE)
    assert demo.largest_upload(training=True) == LARGEST


def test_runs_lie_where_the_command_line_looks_for_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert runs_folder() == tmp_path / "runs"
    monkeypatch.setenv("SPACE_ID", "owner/page")
    monkeypatch.setattr("viz.tabs.train.runs.PERSISTENT", tmp_path / "disk")
    assert runs_folder() == tmp_path / "runs"
    (tmp_path / "disk").mkdir()
    assert runs_folder() == tmp_path / "disk" / "runs"
