"""Who may import whom, and that importing does nothing."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ORDER = (
    ("ugatit.errors", "ugatit.text", "ugatit.config", "ugatit.devices"),
    ("ugatit.networks", "ugatit.losses", "ugatit.metrics"),
    ("ugatit.images",),
    ("ugatit.data",),
    ("ugatit.models",),
    ("ugatit.checkpoints",),
    ("ugatit.inference", "ugatit.explain"),
    ("ugatit.evaluation",),
    ("ugatit.training",),
    ("ugatit.cli",),
    ("viz",),
    ("app",),
)
"""Lower ones never import higher ones, and packages of one line never import each other."""
ROOT_FILES = {
    "__init__.py", "__init__.pyi", "__main__.py", "config.py", "devices.py", "errors.py", "losses.py", "metrics.py",
    "py.typed", "text.py",
}  # fmt: skip
EXCEPTION = "# circle: "
"""Marks an import inside a function that goes up the order, and gives the reason."""
PLOTTING_STATE = ("matplotlib.pyplot", "pylab")
PAPERS = ("ugatit", "cyclegan", "pix2pix", "stargan")
ONLY_ON_A_SPACE = {"spaces"}
CHOSEN_BY_THE_SPACE = {"torchvision"}  # named so that its build fits the one of torch, used or not
DISTRIBUTIONS = {
    "dicebear": "dicebear-core",
    "dicebear_styles": "dicebear-styles",
    "PIL": "pillow",
}  # where it is not called like the package


@dataclass(frozen=True)
class Rule:
    """What the files of `room` may import.

    room: glob patterns, less what lies in `but`. never: packages they may not import. only: where given, all
    they may import beside the standard library.
    """

    says: str
    room: tuple[str, ...]
    but: str = ""
    never: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def files(self, root: Path) -> Iterator[Path]:
        for pattern in self.room:
            for file in sorted(root.glob(pattern)):
                if not self.but or not file.is_relative_to(root / self.but):
                    yield file

    def breaches(self, root: Path) -> list[str]:
        """One line for each forbidden import below `root`."""
        found = []
        for file in self.files(root):
            package = ".".join(file.relative_to(root).parent.parts)
            for name in sorted(imports_of(file.read_text(encoding="utf-8"), package)):
                stranger = bool(self.only) and not belongs(name, (*self.only, *sys.stdlib_module_names))
                if stranger or belongs(name, self.never):
                    found.append(f"{file.relative_to(root)} imports {name}")
        return found


RULES = (
    Rule(
        "ugatit knows neither viz nor Gradio nor matplotlib",
        room=("ugatit/**/*.py",),
        never=("viz", "gradio", "gradio_client", "matplotlib"),
    ),
    Rule("viz knows Gradio in its tabs only", room=("viz/**/*.py",), but="viz/tabs", never=("gradio",)),
    Rule("nobody knows the app", room=("ugatit/**/*.py", "viz/**/*.py"), never=("app",)),
    Rule(
        "figures are objects, never pyplot's state",
        room=("*.py", "ugatit/**/*.py", "viz/**/*.py", "weights/**/*.py", "benchmarks/**/*.py"),
        never=PLOTTING_STATE,
    ),
    Rule(
        "networks are architectures only",
        room=("ugatit/networks/**/*.py",),
        only=("torch", "ugatit.networks", "ugatit.errors", "ugatit.config"),
    ),
    Rule("losses are pure functions of tensors", room=("ugatit/losses.py",), only=("torch",)),
    Rule(
        "the trainer knows no paper",
        room=("ugatit/training/**/*.py",),
        never=tuple(f"ugatit.models.{paper}" for paper in PAPERS),
    ),
)


def imports_of(source: str, package: str = "") -> set[str]:
    """Absolute dotted names of all that `source`, a module of `package`, imports at any depth.

    `from a import b` gives both `a` and `a.b`, since b may be a module.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names.update(str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))
    return names


def module_name(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def order_breaches(root: Path) -> list[str]:
    """One line for each import below `root` that goes up the order, or sideways between packages of one line."""
    found = []
    for file, name in imports_below(root):
        module = module_name(file, root)
        here, there = place_in_order(module), place_in_order(name)
        if here is None or there is None or here[1] == there[1]:
            continue
        lowest = here[0] == there[0] == 0
        if here[0] <= there[0] and not lowest:
            found.append(f"{file.relative_to(root)} imports {name}")
    return found


def imports_below(root: Path) -> Iterator[tuple[Path, str]]:
    """Each file of the packages and each module it imports, but for lines marked as exceptions."""
    for file in sorted([*root.glob("ugatit/**/*.py"), *root.glob("viz/**/*.py"), *root.glob("app.py")]):
        source = file.read_text(encoding="utf-8")
        # The import becomes a `pass`: it may be all that its function does.
        unmarked = re.sub(rf"^( *)(?:from|import) .*{EXCEPTION}.*$", r"\1pass", source, flags=re.MULTILINE)
        for name in sorted(imports_of(unmarked, ".".join(file.relative_to(root).parent.parts))):
            yield file, name


def place_in_order(name: str) -> tuple[int, str] | None:
    """The line of ORDER that a module stands in, and its package; None for the package's own door and for others."""
    return next(
        ((line, package) for line, packages in enumerate(ORDER) for package in packages if belongs(name, (package,))),
        None,
    )


def circles(root: Path) -> list[str]:
    """Modules that import each other, directly or by way of others."""
    files = [*root.glob("ugatit/**/*.py"), *root.glob("viz/**/*.py")]
    known = {module_name(file, root) for file in files}
    graph: dict[str, set[str]] = {name: set() for name in known}
    for file, name in imports_below(root):
        module = module_name(file, root)
        if module in known and name in known and name != module:
            graph[module].add(name)
    # A module that imports nothing of what is left, or that nothing of it imports, is in no circle.
    while free := {name for name, used in graph.items() if not used} | set(graph).difference(*graph.values()):
        graph = {name: used - free for name, used in graph.items() if name not in free}
    return sorted(graph)


def belongs(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def modules_with_exceptions() -> list[str]:
    files = [*ROOT.glob("ugatit/**/*.py"), *ROOT.glob("viz/**/*.py"), ROOT / "app.py"]
    return [line for file in files for line in file.read_text("utf-8").splitlines() if EXCEPTION in line]


def modules(*patterns: str) -> list[str]:
    return sorted(module_name(file, ROOT) for pattern in patterns for file in ROOT.glob(pattern))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_imports_keep_to_the_house(rule: Rule) -> None:
    assert list(rule.files(ROOT)), "the rule watches no file: its pattern is wrong"
    assert rule.breaches(ROOT) == []


def test_no_import_goes_up_the_order() -> None:
    assert order_breaches(ROOT) == []


def test_no_modules_import_each_other() -> None:
    assert circles(ROOT) == []


def test_the_root_of_the_package_is_short() -> None:
    root = ROOT / "ugatit"
    assert {file.name for file in root.iterdir() if file.is_file()} == ROOT_FILES
    packages = {package.removeprefix("ugatit.") for line in ORDER for package in line if package.startswith("ugatit.")}
    assert {folder.name for folder in root.iterdir() if (folder / "__init__.py").is_file()} <= packages


@pytest.mark.parametrize("line", modules_with_exceptions())
def test_an_exception_is_inside_a_function_and_has_a_reason(line: str) -> None:
    assert line.startswith("    ")
    assert len(line.partition(EXCEPTION)[2]) > 20


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("ugatit/images/fitting.py", "from ugatit.models.base import TranslationModel"),
        ("ugatit/data/archives.py", "if TYPE_CHECKING:\n    from ugatit.checkpoints import store"),
        ("ugatit/explain/explainer.py", "def late():\n    from ugatit.inference.translator import Translator"),
        ("ugatit/training/trainer.py", "import viz"),
        ("viz/panels.py", "from app import main"),
    ],
)
def test_a_planted_import_up_the_order_is_reported(tmp_path: Path, file: str, source: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(source, encoding="utf-8")
    assert any(file in breach for breach in order_breaches(tmp_path))


def test_a_planted_circle_is_reported(tmp_path: Path) -> None:
    (tmp_path / "viz").mkdir()
    for name, source in (("a", "from viz import b"), ("b", "from viz.c import x"), ("c", "import viz.a, viz.e")):
        (tmp_path / "viz" / f"{name}.py").write_text(source, encoding="utf-8")
    (tmp_path / "viz" / "d.py").write_text("import viz.a", encoding="utf-8")
    (tmp_path / "viz" / "e.py").touch()
    assert circles(tmp_path) == ["viz.a", "viz.b", "viz.c"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import gradio as gr", "gradio"),
        ("from matplotlib import pyplot", "matplotlib.pyplot"),
        ("def late():\n    from viz.panels import panel", "viz.panels"),
        ("from ..models import base", "ugatit.models.base"),
        ("from . import blocks", "ugatit.networks.blocks"),
        ("import importlib\nimportlib.import_module('viz')", "viz"),
    ],
)
def test_an_import_is_found_wherever_it_hides(source: str, name: str) -> None:
    assert name in imports_of(source, package="ugatit.networks")


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("ugatit/inference/translator.py", "import viz"),
        ("viz/panels.py", "import gradio as gr"),
        ("viz/tabs/learn/tab.py", "from app import main"),
        ("viz/figures.py", "import matplotlib.pyplot as plt"),
        ("ugatit/networks/blocks.py", "import ugatit.models.base"),
        ("ugatit/networks/blocks.py", "import numpy as np"),
        ("ugatit/losses.py", "from ugatit.config import Settings"),
        ("ugatit/training/trainer.py", "from ugatit.models.ugatit import UGATIT"),
    ],
)
def test_a_planted_breach_is_reported(tmp_path: Path, file: str, source: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(source, encoding="utf-8")
    assert any(file in breach for rule in RULES for breach in rule.breaches(tmp_path))


def test_a_lawful_house_has_no_breach(tmp_path: Path) -> None:
    for file, source in (
        (
            "ugatit/networks/blocks.py",
            "import math\nfrom torch import nn\nfrom .attention import CamAttention",
        ),
        ("viz/tabs/learn/tab.py", "import gradio as gr\nfrom viz import panels\nimport ugatit"),
        ("viz/figures.py", "from matplotlib.figure import Figure"),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(source, encoding="utf-8")
    assert [breach for rule in RULES for breach in rule.breaches(tmp_path)] == []


def test_requirements_are_what_is_imported() -> None:
    """One that merely comes along with another would be missing one day; an unused one only costs time."""
    sources = [ROOT / "app.py", *ROOT.glob("ugatit/**/*.py"), *ROOT.glob("viz/**/*.py")]
    imported = {
        name.partition(".")[0]
        for file in sources
        for name in imports_of(file.read_text(encoding="utf-8"), package=".".join(file.relative_to(ROOT).parent.parts))
    }
    third_party = imported - set(sys.stdlib_module_names) - {"ugatit", "viz", "app"} - ONLY_ON_A_SPACE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {re.match(r"[\w-]+", line)[0] for line in project["optional-dependencies"]["inception"]}  # type: ignore[index]
    third_party -= {name.replace("-", "_") for name in extras}
    required = re.findall(r"^[\w-]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert {DISTRIBUTIONS.get(name, name) for name in third_party} | CHOSEN_BY_THE_SPACE == set(required)
    assert {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]} == set(required)  # type: ignore[index]


IMPORT_AND_WATCH = """
import importlib, json, os, sys

root, names = sys.argv[1], sys.argv[2:]
ours = (root + os.sep, os.getcwd() + os.sep)
not_ours = (sys.prefix + os.sep, os.path.join(root, "ugatit_attention_lab.egg-info"))
touched = []

def watch(event, args):
    if event not in ("open", "os.mkdir", "os.remove", "os.rename") or isinstance(args[0], int):
        return
    path = os.path.abspath(os.fsdecode(args[0]))
    if path.startswith(ours) and not path.startswith(not_ours) and not path.endswith((".py", ".pyc")):
        touched.append((event, path))

sys.addaudithook(watch)
sys.dont_write_bytecode = True
sys.path.insert(0, root)
for name in names:
    importlib.import_module(name)

# Looking for metadata opens files that are not there; only what was found counts.
real = [(event, path) for event, path in touched if event != "open" or os.path.exists(path)]
found = [f"{event} {os.path.basename(path)}" for event, path in real]

import torch
print(json.dumps({"touched": found, "cuda": torch.cuda.is_initialized(), "loaded": sorted(sys.modules)}))
"""


def import_and_watch(root: Path, cwd: Path, names: list[str]) -> dict[str, Any]:
    """Import modules in a process of its own: files touched, whether CUDA was opened, modules loaded."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_WATCH, str(root), *names], cwd=cwd, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    *said, seen = done.stdout.splitlines()
    assert said == []
    return dict(json.loads(seen))


@pytest.mark.parametrize(
    ("room", "strangers"),
    [
        (("ugatit/**/*.py",), ("viz", "gradio", "matplotlib")),
        (("viz/*.py",), ("gradio", *PLOTTING_STATE)),
    ],
    ids=["ugatit", "viz"],
)
def test_importing_does_nothing(tmp_path: Path, room: tuple[str, ...], strangers: tuple[str, ...]) -> None:
    names = modules(*room)
    assert names
    seen = import_and_watch(ROOT, tmp_path, names)
    assert seen["touched"] == []
    assert not seen["cuda"]
    assert [name for name in seen["loaded"] if belongs(name, strangers)] == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_touched_on_import_is_noticed(tmp_path: Path) -> None:
    source = "import pathlib\npathlib.Path('made').mkdir()\nopen('left.txt', 'w').close()\nopen(__file__).close()"
    (tmp_path / "busy.py").write_text(source, encoding="utf-8")
    assert import_and_watch(tmp_path, tmp_path, ["busy"])["touched"] == ["os.mkdir made", "open left.txt"]
