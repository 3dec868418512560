"""Set-up for all tests: offline, without telemetry, with a fair share of the CPU cores; and the browser fixture."""

import os
import shutil

import pytest

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
