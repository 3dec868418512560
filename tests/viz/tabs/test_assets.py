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


GRADIO = {
    "caption-label", "file-preview", "form", "gallery-item", "gradio-container", "grid-container", "grid-wrap", "hide",
    "html-container", "icon-button-wrapper", "icon-wrap", "image-container", "image-frame", "min_value", "prose",
    "slider-wrap", "styler", "tab-like-container", "thumbnail-item", "upload-container", "wrap",
}  # fmt: skip
"""Classes of Gradio's own elements."""


def test_styles_are_for_elements_that_the_code_makes() -> None:
    """A class that was renamed in the code alone leaves its elements without their style."""
    code = "".join(file.read_text("utf-8") for file in Path(viz.__file__).parent.rglob("*.py"))
    code += "".join(file.read_text("utf-8") for file in STATIC.glob("*.js"))
    styles = "".join(
        re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL) for file in STATIC.glob("*.css")
    )
    selectors = re.sub(r"\{[^{}]*\}", "{}", styles)
    names = set(re.findall(r"[.#]([a-z][\w-]*)", selectors)) | set(re.findall(r"\[((?:data|aria)-[\w-]+)", selectors))
    unknown = {name for name in names - GRADIO if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code)}
    assert unknown == set()
