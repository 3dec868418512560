"""Locating weights: every kind of source, the order of precedence, and the error if there are none."""

import os
import re
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from tests.weights_folders import make_weights
from ugatit.checkpoints.familiarity import FAMILIARITY_FILE
from ugatit.checkpoints.registry import locate_weights
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE
from ugatit.errors import WeightsError
from ugatit.text import one_line

pytestmark = pytest.mark.usefixtures("bundled")


def no_hub(*_: object, **__: object) -> str:
    pytest.fail("the Hub was asked")


def refused(source: str | Path, match: str) -> None:
    """Locating raises an error of one line."""
    with pytest.raises(WeightsError, match=match) as caught:
        locate_weights(source)
    assert "\n" not in str(caught.value)


def test_bundled_name_wins_over_a_folder_of_that_name(bundled: Path) -> None:
    make_weights(Path("sun2moon"))
    assert locate_weights("sun2moon") == bundled / "sun2moon"
    assert locate_weights("./sun2moon") == Path("sun2moon")


def test_weights_folder_is_found_by_text_and_by_path(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "mine")
    for source in (folder, str(folder), folder / WEIGHTS_FILE):
        assert locate_weights(source) == folder


def test_run_folder_gives_its_newest_complete_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    for name in ("step_0000900", "step_0001000", ".step_0002000.partial"):
        make_weights(run / "checkpoints" / name)
    (run / "checkpoints" / "step_0003000").mkdir()
    (run / CONFIG_FILE).write_text("{}", encoding="utf-8")
    assert locate_weights(run).name == "step_0001000"


def test_number_decides_which_checkpoint_is_newest(tmp_path: Path) -> None:
    for name in ("step_10000000", "step_9999999"):
        make_weights(tmp_path / "checkpoints" / name)
    assert locate_weights(tmp_path).name == "step_10000000"


def test_run_without_checkpoints_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    refused(tmp_path / "run", r"run holds neither model\.safetensors, nor a run's checkpoints, nor")


def test_published_checkpoint_is_found_by_its_file_and_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pt").mkdir()
    for name in ("params_0100000.pt", "params_latest.pt"):
        (tmp_path / name).touch()
    for source in (tmp_path, tmp_path / "params_latest.pt"):
        assert locate_weights(source) == tmp_path / "params_latest.pt"


@pytest.mark.parametrize(
    "source", ["moon2sun", "a/b/c", "../nothing", "/nowhere/at/all", "x.pt", "owner/x.pt", " ", "a\nb", "a\0b"]
)
def test_missing_source_is_named_with_the_bundled_ones(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", no_hub)
    refused(source, rf"no weights {re.escape(one_line(repr(source)))}: name bundled ones \(sun2moon\)")


@pytest.mark.parametrize(
    ("source", "match"),
    [
        ("", r"^\. holds neither"),
        ("x" * 5000 + "/y/z", "cannot be looked at"),
        ("~nobody-at-all/x", "cannot be looked at"),
    ],
    ids=["empty", "long name", "unknown user"],
)
def test_odd_source_is_refused(source: str, match: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", no_hub)
    refused(source, match)


@pytest.mark.parametrize("name", ["somebody/cats.2-dogs", "some.body/v1.5"])
def test_hub_id_is_downloaded(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = []

    def snapshot(repository: str, revision: str | None, allow_patterns: list[str]) -> str:
        requests.append((repository, revision, sorted(allow_patterns)))
        return str(tmp_path / "snapshot")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    assert locate_weights(name) == tmp_path / "snapshot"
    assert requests == [(name, None, sorted([CONFIG_FILE, FAMILIARITY_FILE, WEIGHTS_FILE]))]


def test_folder_on_the_disk_wins_over_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", no_hub)
    make_weights(Path("runs/mine"))
    assert locate_weights("runs/mine") == Path("runs/mine")
    Path("runs/empty").mkdir()
    refused("runs/empty", "runs/empty holds neither")


@pytest.mark.parametrize("name", ["somebody/something", "some--body/x"], ids=["offline", "invalid id"])
def test_unavailable_hub_id_is_named(name: str) -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    refused(name, f"no weights '{name}' on this machine or on the Hub: ")


@pytest.mark.parametrize(
    "error",
    [
        LocalEntryNotFoundError("not cached\nand more"),
        HfHubHTTPError.__new__(HfHubHTTPError),
        ValueError(""),
        ConnectionError("no route"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_failure_of_the_hub_is_one_line(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    refused("somebody/something", r"no weights 'somebody/something' on this machine or on the Hub: .")
