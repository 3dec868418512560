"""What the repository holds: a lean top level, few bytes, no registry's address, one version of Gradio."""

import fnmatch
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SLOW

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    ".ci", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "CITATION.cff",
    "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "app.py", "benchmarks", "examples", "packages.txt",
    "pyproject.toml", "requirements.txt", "tests", "ugatit", "viz", "weights",
}  # fmt: skip
# In parts, because this file must not name them either.
REGISTRIES = [
    ".".join(parts).encode()
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("download", "pytorch", "org/whl"),
    )
]
MEGABYTE = 1_000_000


def repository_files(root: Path) -> list[Path]:
    """Files that git tracks below `root`; where `root` is no checkout, all that .gitignore does not name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if (root / ".git").exists() and listed.returncode == 0 and listed.stdout:
        return [root / name for name in listed.stdout.decode().split("\0") if name and (root / name).exists()]
    lines = (root / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [line.rstrip("/") for line in lines]

    def wanted(folder: str, name: str) -> bool:
        relative = "/" + os.path.relpath(os.path.join(folder, name), root)
        return name != ".git" and not any(
            fnmatch.fnmatch(relative if pattern.startswith("/") else name, pattern) for pattern in ignored
        )

    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if wanted(folder, name)]
        found += [Path(folder, name) for name in names if wanted(folder, name)]
    return found


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return repository_files(ROOT)


def test_top_level_holds_only_the_rooms_of_the_house(files: list[Path]) -> None:
    assert {file.relative_to(ROOT).parts[0] for file in files} <= TOP_LEVEL


def test_repository_travels_light(files: list[Path]) -> None:
    weights = [file for file in files if file.is_relative_to(ROOT / "weights")]
    assert sum(file.stat().st_size for file in files) <= 105 * MEGABYTE
    assert sum(file.stat().st_size for file in weights) <= 68 * MEGABYTE


def test_no_file_names_a_package_registry(files: list[Path]) -> None:
    named = {str(f.relative_to(ROOT)) for f in files for host in REGISTRIES if host in f.read_bytes().lower()}
    assert named == set()


def test_space_and_requirements_ask_for_the_same_gradio() -> None:
    front_matter = (ROOT / "README.md").read_text(encoding="utf-8").split("---")[1]
    on_the_space = re.search(r"^sdk_version: [\"']?([\d.]+)", front_matter, re.MULTILINE)
    required = re.search(r"^gradio==([\d.]+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert on_the_space
    assert required
    assert on_the_space[1] == required[1]


def test_without_git_the_ignored_files_do_not_count(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".venv/\n*.py[cod]\n/data/\n", encoding="utf-8")
    for name in (".venv/bin/python", "data/a.png", "ugatit/data/scenes.py", "ugatit/old.pyc", "stray.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = {file.relative_to(tmp_path).as_posix() for file in repository_files(tmp_path)}
    assert found == {".gitignore", "ugatit/data/scenes.py", "stray.txt"}


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:ugatit|viz|weights|tests)/[\w/.]*)`", text)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_pre_commit_uses_the_ruff_of_the_tests() -> None:
    pinned = re.findall(r'"ruff==([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hooks = re.findall(r'"ruff==([\d.]+)"', (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert len(pinned) == 1
    assert set(hooks) == set(pinned)


def test_every_slow_test_is_there() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []
