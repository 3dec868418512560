"""Set-up for all tests: offline, without telemetry, with a fair share of the CPU cores; and the browser fixture."""

import os
import shutil
import urllib.error
from pathlib import Path

import pytest

SLOW = (
    "browser/", "cli/", "weights/", "checkpoints/test_hub.py", "checkpoints/test_published.py",
    "checkpoints/test_untrusted_upload.py", "data/test_datasets.py",
    "evaluation/test_domain_classifier.py", "models/test_cyclegan.py", "models/test_cyclegan_published.py",
    "models/test_pix2pix.py", "models/test_pix2pix_published.py",
    "models/test_preset.py", "models/test_published_variants.py", "models/test_stargan.py",
    "models/test_stargan_published.py", "test_app.py",
    "test_notebook.py",
    "test_old_files.py", "test_toy.py", "test_wheel.py", "training/test_batches.py", "training/test_checkpoint.py",
    "training/test_distributed.py", "training/test_failures.py", "training/test_host_memory.py",
    "training/test_initialization.py", "training/test_killed_papers.py",
    "training/test_learner.py", "training/test_lock.py",
    "training/test_optimizer.py", "training/test_process.py", "training/test_resume.py", "training/test_runs.py",
    "training/test_tensorboard.py", "training/test_trainer.py", "viz/lesson/steps/test_all_steps.py",
    "viz/lesson/steps/test_critics.py",
    "viz/lesson/test_figure.py", "viz/tabs/train/test_run_updates.py", "viz/test_figures.py", "viz/test_viz_cli.py",
)  # fmt: skip
"""Tests that need a browser, train, start processes or draw many figures: files and folders below `tests`."""

# Libraries read these variables on import, so they are set first.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

_workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if _workers > 1:  # each worker, and each process it starts, would otherwise take all cores
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // _workers)))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium: the one in CHROMIUM (`make test` sets it) or on PATH. The test fails if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("No Chromium on PATH: run `make test`, which installs one, or set CHROMIUM to its path.")
    return path


@pytest.fixture
def no_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No network for torch, and an empty cache. Returns the folder where it looks for downloaded weights."""

    def refuse(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no network")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr("torch.hub.urlopen", refuse)
    return tmp_path / "torch" / "hub" / "checkpoints"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    root = Path(__file__).parent
    for item in items:
        if item.path.relative_to(root).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)
