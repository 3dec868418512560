"""Fine-tuning with a frozen encoder, through the command line."""

from pathlib import Path

import pytest
import torch

from tests.tiny import refused, tiny_model, train
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.store import save_weights
from ugatit.errors import TranslationError
from ugatit.models.manifest import Manifest


def test_frozen_encoder_stays_and_the_rest_learns(tmp_path: Path) -> None:
    start = tiny_model()
    (tmp_path / "start").mkdir()
    save_weights(tmp_path / "start", start, Manifest("ugatit", start.config.to_dict()))

    done = train(tmp_path / "run", "--start-from", tmp_path / "start", "--freeze", "encoder", "--steps", 2, "--ema", 0)

    assert done.returncode == 0, done.stderr
    before, after = start.state_dict(), load_model(tmp_path / "run", "cpu").state_dict()
    encoders = {name for name in before if name.startswith("generator_") and ".encoder." in name}
    assert encoders
    assert all(torch.equal(before[name], after[name]) for name in encoders)
    assert not torch.equal(before["generator_ab.to_rgb.weight"], after["generator_ab.to_rgb.weight"])
    assert not torch.equal(before["local_a.encoder.0.weight"], after["local_a.encoder.0.weight"])


def test_freezing_random_weights_is_refused(tmp_path: Path) -> None:
    assert "--start-from" in refused(train(tmp_path / "run", "--freeze", "encoder"))


def test_unknown_part_is_refused() -> None:
    with pytest.raises(TranslationError, match="'decoder'"):
        tiny_model().freeze("decoder")
