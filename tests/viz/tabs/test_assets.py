"""Style sheets and scripts of the page are files in `viz/static`, each named by the code."""

import re
from pathlib import Path

import viz
from viz.tabs.assets import STATIC, read_asset


def test_the_code_names_every_file_and_only_files_that_exist() -> None:
    sources = Path(viz.__file__).parent.rglob("*.py")
    names = {name for file in sources for name in re.findall(r'read_asset\("([^"]+)"\)', file.read_text("utf-8"))}
    assert names == {file.name for file in STATIC.iterdir()}


def test_an_asset_is_read_without_white_space_around_it() -> None:
    script = read_asset("set_language.js")
    assert script == script.strip() != ""
