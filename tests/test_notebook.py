"""The lesson's notebook: it runs from top to bottom with the bundled weights and contains every step of the lesson."""

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
MAX_BYTES = 300_000
ALLOWED = {"ugatit", "viz", "numpy", "torch", "IPython"}


@pytest.fixture(scope="module")
def stored() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def parts(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The cells of each part by its heading; a part begins with a heading of the second level."""
    cells_by_part: dict[str, list[NotebookNode]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            cells_by_part[cell.source.splitlines()[0]] = []
        if cells_by_part:
            list(cells_by_part.values())[-1].append(cell)
    return cells_by_part


def code(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def figures(cells: list[NotebookNode]) -> list[Image.Image]:
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    pngs = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", ())]
    return [Image.open(io.BytesIO(b64decode(png))) for png in pngs]


def test_notebook_runs_and_every_part_shows_a_figure(stored: NotebookNode, tmp_path: Path) -> None:
    notebook = deepcopy(stored)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    client.execute(env={**environment(), "IPYTHONDIR": str(tmp_path)})
    figures_by_part = {heading: figures(cells) for heading, cells in parts(notebook).items()}
    assert len(figures_by_part) == 11
    for heading, pictures in figures_by_part.items():
        assert pictures, heading
        assert all(picture.width > 300 for picture in pictures), heading


def test_notebook_contains_every_step_of_the_lesson(stored: NotebookNode) -> None:
    source = code(stored)
    assert {step for step in STEPS if f"show({step}, " in source} == STEPS


def test_every_part_checks_or_prints_numbers_and_ends_with_exercises(stored: NotebookNode) -> None:
    for heading, cells in parts(stored).items():
        source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert "assert " in source or "print(" in source, heading
        assert cells[-1].source.startswith("**Exercises**\n\n1. "), heading


def test_notebook_imports_only_the_project_and_its_dependencies(stored: NotebookNode) -> None:
    imported = set()
    for node in ast.walk(ast.parse(code(stored))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported - set(sys.stdlib_module_names) == ALLOWED


def test_notebook_is_small_and_stored_without_outputs(stored: NotebookNode) -> None:
    assert NOTEBOOK.stat().st_size < MAX_BYTES
    for cell in stored.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id
