import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import ugatit
from ugatit.errors import PictureError, WeightsError
from ugatit.inference.translation import Translation
from viz.cli import main
from viz.panels import panel


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, translation: Translation) -> list[tuple[Any, ...]]:
    """The calls of the translator, which always returns the same translation."""
    calls: list[tuple[Any, ...]] = []

    def load_translator(source: str, device: str, precision: str) -> Any:
        if source != "flat2clay":
            raise WeightsError(f"There are no weights {source!r}.")

        def translate(picture: Path, to: str) -> Translation:
            if not picture.exists():
                raise PictureError(f"{picture} is not there.")
            calls.append((source, device, precision, picture, to))
            return translation

        return translate

    monkeypatch.setattr(ugatit, "load_translator", load_translator)
    return calls


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (8, 8)).save(tmp_path / "in.png")
    return tmp_path / "in.png"


def arguments(input: Path, output: Path | str, **changed: str) -> list[str]:
    given = {"weights": "flat2clay", "to": "clay", "input": str(input), "output": str(output), **changed}
    return ["panel", *(part for name, value in given.items() for part in (f"--{name}", value))]


def test_panel_is_written_into_a_new_folder(
    calls: list[Any], translation: Translation, picture: Path, tmp_path: Path
) -> None:
    output = tmp_path / "new" / "folder" / "panel.png"
    assert main(arguments(picture, output)) == 0
    assert Image.open(output).tobytes() == panel(translation).tobytes()
    assert calls == [("flat2clay", "auto", "auto", picture, "clay")]
    assert list(output.parent.iterdir()) == [output]


def test_options_reach_the_panel(calls: list[Any], translation: Translation, picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "panel.png"
    options = {"colormap": "cividis", "opacity": "0.25", "normalization": "shared", "device": "cpu"}
    assert main(arguments(picture, output, **options)) == 0
    assert Image.open(output).tobytes() == panel(translation, "shared", "cividis", 0.25).tobytes()
    assert calls[0][1] == "cpu"


def test_the_suffix_names_the_format(calls: list[Any], picture: Path, tmp_path: Path) -> None:
    assert main(arguments(picture, tmp_path / "panel.JPG")) == 0
    with Image.open(tmp_path / "panel.JPG") as written:
        assert written.format == "JPEG"
        assert np.asarray(written).shape[2] == 3


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"weights": "nowhere"}, "nowhere"),
        ({"input": "gone.png"}, "gone.png"),
        ({"opacity": "1.5"}, "1.5"),
        ({"opacity": "half"}, "half"),
        ({"colormap": "rainbow"}, "rainbow"),
        ({"normalization": "zscore"}, "zscore"),
        ({"output": "panel.xyz"}, "panel.xyz"),
        ({"output": "panel"}, "panel"),
        ({"output": "."}, "--output"),
        ({"output": "in.png/panel.png"}, "in.png/panel.png"),
    ],
)
def test_wrong_use_is_one_line_and_status_two(
    calls: list[Any],
    picture: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, str],
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        status: object = main(arguments(**{"input": picture, "output": "panel.png", **changed}))
    except SystemExit as stop:
        status = stop.code
    output = capsys.readouterr()
    assert status == 2
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert named in output.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.png"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["pannel"],
        ["panel"],
        ["panel", "--weights", "nowhere", "--to", "b", "--input", "a.png", "--output", "b.png"],
    ],
    ids=["no command", "unknown command", "missing options", "unknown weights"],
)
def test_the_process_fails_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-m", "viz", *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": "", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2, result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
