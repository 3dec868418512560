"""Tiny weights, a short training run, and the command line called in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny import tiny_model, train
from ugatit.checkpoints.store import save_weights
from ugatit.cli.main import main
from ugatit.models.manifest import Manifest


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    model = tiny_model()
    save_weights(folder, model, Manifest(model.name, model.config.to_dict(), title="tiny"))
    return folder


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "run"
    result = train(folder, "--steps", 2, "--checkpoint-every", 1)
    assert (result.returncode, result.stderr) == (0, "")
    return folder


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that must be refused, and return its message: one line on stderr, status 2."""

    def call(*arguments: object) -> str:
        try:
            status = main([*map(str, arguments)])
        except SystemExit as exit_:
            status = exit_.code
        stderr = capsys.readouterr().err
        assert status == 2
        assert stderr.count("\n") == 1, stderr
        return stderr

    return call
