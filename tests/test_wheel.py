"""The wheel, installed into an environment of its own: its commands work from an empty folder without write rights."""

import os
import re
import stat
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ugatit
from tests.tiny import free_port
from ugatit.data.scenes import scene

ROOT = Path(__file__).parents[1]
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The `bin` of an environment that has the wheel, and its dependencies from this one; read-only."""
    root = tmp_path_factory.mktemp("environment") / "env"
    venv.create(root, with_pip=False, symlinks=True)
    (site,) = root.glob("lib/python*/site-packages")
    command = [sys.executable, "-m", "pip", "--python", str(root), "install", "--no-deps", "--quiet", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    # The dependencies come from the environment of the tests, the package never: it is not installed there.
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    files = [path for path in (site, *site.rglob("*")) if not path.is_symlink()]
    modes = {path: path.stat().st_mode for path in files}
    for path, mode in modes.items():
        path.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield root / "bin"
    for path, mode in modes.items():
        path.chmod(mode)


def run(program: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(program), *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=180
    )


def test_wheel_holds_the_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "ugatit", "viz", f"ugatit_attention_lab-{ugatit.__version__}.dist-info"
    }  # fmt: skip
    for needed in (
        "ugatit/py.typed",
        "viz/py.typed",
        "ugatit/bundled_weights/disc2square/model.safetensors",
        "ugatit/bundled_weights/flat2clay/README.md",
        "ugatit/bundled_weights/toon2lorelei/familiarity.safetensors",
        "ugatit/bundled_weights/readers/lorelei.safetensors",
        "viz/example_pictures/toon2lorelei/toon/toon-head-900027.png",
        "viz/example_pictures/flat2clay/LICENSE",
        "viz/fonts/OFL.txt",
        "viz/static/page.css",
    ):
        assert needed in names
    scripts = re.compile(r"ugatit/bundled_weights/.*\.py|viz/example_pictures/.*\.(py|ipynb)|tests/.*")
    assert [name for name in names if scripts.fullmatch(name)] == []
    assert wheel.stat().st_size < 98 * MEGABYTE
    dist_info = f"ugatit_attention_lab-{ugatit.__version__}.dist-info"
    metadata = zipfile.ZipFile(wheel).read(f"{dist_info}/METADATA").decode()
    assert "License-Expression: MIT AND OFL-1.1 AND CC0-1.0 AND CC-BY-4.0" in metadata
    for name in ("toon2lorelei", "glasses", "glasses-cam", "glasses-no-cam"):
        assert f"{dist_info}/licenses/weights/{name}/LICENSE" in names


def test_installed_commands_tell_their_version(installed: Path, tmp_path: Path) -> None:
    for program in ("ugatit", "ugatit-lab"):
        told = run(installed / program, "--version", cwd=tmp_path)
        assert told.stdout == f"{'python -m ugatit' if program == 'ugatit' else program} {ugatit.__version__}\n"


def test_package_is_not_the_checkouts(installed: Path, tmp_path: Path) -> None:
    where = run(
        installed / "python", "-c", "import ugatit, viz; print(ugatit.__file__); print(viz.__file__)", cwd=tmp_path
    )
    assert where.returncode == 0, where.stderr
    assert all(Path(line).is_relative_to(installed.parent) for line in where.stdout.splitlines())


def test_bundled_weights_are_listed_and_translate_with_maps(installed: Path, tmp_path: Path) -> None:
    assert "disc2square" in run(installed / "ugatit", "list", cwd=tmp_path).stdout
    scene("disc", 7, 64)[0].save(tmp_path / "scene.png")
    arguments = ("--weights", "disc2square", "--to", "square", "--input", "scene.png", "--output", "out", "--maps")
    done = run(installed / "ugatit", "translate", *arguments, "--device", "cpu", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert Image.open(tmp_path / "out" / "scene.png").size == (64, 64)
    assert set(np.load(tmp_path / "out" / "scene.npz")) >= {"generator", "local", "global"}


def test_page_opens_with_its_styles_and_examples(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(installed / "ugatit-lab"), "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            page = answer(f"http://127.0.0.1:{port}/", server)
        finally:
            server.terminate()
    assert "U-GAT-IT Attention Lab" in page
    assert "flat2clay" in page
    assert list(tmp_path.iterdir()) == []


def answer(address: str, server: "subprocess.Popen[str]", timeout: float = 120) -> str:
    end = time.monotonic() + timeout
    while True:
        try:
            return str(urllib.request.urlopen(address, timeout=10).read().decode())
        except OSError:
            assert server.poll() is None, server.stderr and server.stderr.read()
            assert time.monotonic() < end, f"{address} did not answer"
            time.sleep(0.3)
