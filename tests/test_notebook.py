"""The lesson's notebook: it runs from top to bottom on what comes with the project, and tells all of the lesson."""

import ast
import io
import sys
from base64 import b64decode
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

from tests.tiny import ROOT, environment

NOTEBOOK = ROOT / "examples" / "attention.ipynb"
STEPS = {file.stem for file in (ROOT / "viz" / "lesson" / "steps").glob("*.py")} - {"__init__"}
LARGEST = 300_000
KNOWN = {"ugatit", "viz", "numpy", "torch", "IPython"}


@pytest.fixture(scope="module")
def stored() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def parts(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The cells of each part by its heading; a part begins with a heading of the second level."""
    found: dict[str, list[NotebookNode]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found[cell.source.splitlines()[0]] = []
        if found:
            list(found.values())[-1].append(cell)
    return found


def code(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def figures(cells: list[NotebookNode]) -> list[Image.Image]:
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    drawn = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", ())]
    return [Image.open(io.BytesIO(b64decode(each))) for each in drawn]


def test_it_runs_and_every_part_shows_a_figure(stored: NotebookNode, tmp_path: Path) -> None:
    notebook = deepcopy(stored)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    client.execute(env={**environment(), "IPYTHONDIR": str(tmp_path)})
    shown = {heading: figures(cells) for heading, cells in parts(notebook).items()}
    assert len(shown) == 10
    for heading, drawn in shown.items():
        assert drawn, heading
        assert all(figure.width > 300 for figure in drawn), heading


def test_every_step_of_the_lesson_is_in_it(stored: NotebookNode) -> None:
    source = code(stored)
    assert {step for step in STEPS if f"show({step}, " in source} == STEPS


def test_every_part_is_checked_by_hand_or_measured_and_ends_with_exercises(stored: NotebookNode) -> None:
    for heading, cells in parts(stored).items():
        own = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert "assert " in own or "print(" in own, heading
        assert cells[-1].source.startswith("**Exercises**\n\n1. "), heading


def test_it_needs_nothing_but_the_project_and_what_that_stands_on(stored: NotebookNode) -> None:
    imported = set()
    for node in ast.walk(ast.parse(code(stored))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported - set(sys.stdlib_module_names) == KNOWN


def test_it_is_kept_small_and_without_results_that_age(stored: NotebookNode) -> None:
    assert NOTEBOOK.stat().st_size < LARGEST
    for cell in stored.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id
