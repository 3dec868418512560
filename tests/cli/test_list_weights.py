"""The command `list`."""

from pathlib import Path

import pytest

from tests.tiny import ugatit
from tests.weights_folders import replace_bundled
from ugatit.cli.main import main


def test_list_names_the_weights_and_what_they_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = replace_bundled(monkeypatch, tmp_path / "bundled")
    assert main(["list"]) == 0
    line = capsys.readouterr().out.split("\n")[0]
    assert line.split() == ["sun2moon", "ugatit", "sun", "↔", "moon", "Turns", "day", "into", "night."]
    for file in (folder / "sun2moon").iterdir():
        file.unlink()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == ""


def test_list_names_bundled_weights_as_a_process() -> None:
    result = ugatit("list")
    assert (result.returncode, result.stderr) == (0, "")
