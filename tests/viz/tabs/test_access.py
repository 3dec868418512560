"""Who may train, by the options and the environment of the page."""

from pathlib import Path

import gradio as gr
import pytest

from viz.tabs import demo
from viz.tabs.access import Access, AccessError, training_access
from viz.tabs.inputs import MAX_PICTURE_BYTES
from viz.tabs.train.runs import runs_folder

SPACE = {"SPACE_ID": "owner/page", "SPACE_AUTHOR_NAME": "owner"}
LOG_IN = {"OAUTH_CLIENT_ID": "id"}
TRAINING = {"UGATIT_TRAINING": "1"}
ALLOWED = SPACE | LOG_IN | TRAINING


def profile(name: str) -> gr.OAuthProfile:
    return gr.OAuthProfile({"name": name.title(), "preferred_username": name, "profile": "", "picture": ""})


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.tabs.access.LOGIN_PACKAGES", ())
    for name in (*ALLOWED, "SPACES_ZERO_GPU"):
        monkeypatch.delenv(name, raising=False)


def access_with(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Access:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return training_access()


def test_on_a_local_machine_everyone_may_train() -> None:
    training_access().check(None, "en")


@pytest.mark.parametrize(("host", "allowed"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_local_folders_are_read_only_where_nobody_else_reaches_the_page(host: str, allowed: bool) -> None:
    assert training_access(host=host).local_folders is allowed


def test_no_training_is_off_for_everyone() -> None:
    with pytest.raises(AccessError, match="--no-training"):
        training_access(training=False).check(profile("owner"), "en")


def test_on_a_space_that_allows_it_only_the_owner_may_train(monkeypatch: pytest.MonkeyPatch) -> None:
    access = access_with(monkeypatch, ALLOWED)
    assert access.on
    access.check(profile("owner"), "en")
    with pytest.raises(AccessError, match="not logged in"):
        access.check(None, "en")
    for stranger in ("stranger", "Owner", "owner2", ""):
        with pytest.raises(AccessError, match="Only owner"):
            access.check(profile(stranger), "en")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (SPACE | LOG_IN, "UGATIT_TRAINING=1"),
        (SPACE | TRAINING, "hf_oauth"),
        ({"SPACE_ID": "owner/page"} | LOG_IN | TRAINING, "hf_oauth"),
        (ALLOWED | {"SPACES_ZERO_GPU": "true"}, "seconds at a time"),
    ],
    ids=["not turned on", "without log-in", "without an owner", "on ZeroGPU"],
)
def test_on_other_spaces_not_even_the_owner_may_train(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    with pytest.raises(AccessError, match=message):
        access_with(monkeypatch, environment).check(profile("owner"), "en")


def test_without_the_log_in_packages_training_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.tabs.access.LOGIN_PACKAGES", ("a_module_that_is_nowhere",))
    assert not access_with(monkeypatch, ALLOWED).on


def test_large_uploads_are_accepted_only_where_they_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo.max_upload_bytes(training=True) > demo.max_upload_bytes(training=False) > MAX_PICTURE_BYTES
    access_with(monkeypatch, SPACE)
    assert demo.max_upload_bytes(training=True) == MAX_PICTURE_BYTES


def test_runs_are_kept_where_the_command_line_looks_for_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert runs_folder() == tmp_path / "runs"
    monkeypatch.setenv("SPACE_ID", "owner/page")
    monkeypatch.setattr("viz.tabs.train.runs.PERSISTENT", tmp_path / "disk")
    assert runs_folder() == tmp_path / "runs"
    (tmp_path / "disk").mkdir()
    assert runs_folder() == tmp_path / "disk" / "runs"
