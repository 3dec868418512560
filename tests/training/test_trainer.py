"""The training loop: files and events it writes, and how it ends on NaN, missing pictures and other errors."""

import errno
from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.utils.data import Dataset

from tests.tiny import pictures, tiny_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import load_weights
from ugatit.config import TrainingConfig
from ugatit.errors import OutOfMemoryError, PictureError, TranslationError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training.events import Event, read_events
from ugatit.training.trainer import Trainer

CPU = torch.device("cpu")


class Pictures(Dataset[dict[str, Tensor]]):
    def __getitem__(self, position: int) -> dict[str, Tensor]:
        return {"disc": pictures(1, seed=2 * position)[0], "square": pictures(1, seed=2 * position + 1)[0]}


def trainer(run: Path, model: UGATIT | None = None, **changes: object) -> Trainer:
    values = {"steps": 3, "sample_every": 100, "checkpoint_every": 100, "log_every": 1, "precision": "fp32"}
    config = TrainingConfig(**{**values, **changes})
    model = model or tiny_model(blocks=0, ndf=2)
    held_out = {"disc": pictures(1, seed=100), "square": pictures(1, seed=101)}
    manifest = Manifest(model.name, model.config.to_dict())
    return Trainer(model, Pictures(), held_out, config, manifest, run, CPU)


def events(run: Path, kind: str) -> list[Event]:
    return [event for event in read_events(run / "events.jsonl") if event["kind"] == kind]


def poison(trainer: Trainer, at: int) -> None:
    """Make a generator loss NaN in a given step."""
    original = trainer.learner.model.generator_terms

    def generator_terms(step: object) -> dict[str, Tensor]:
        factor = float("nan") if trainer.step + 1 == at else 1.0
        return {name: term * factor for name, term in original(step).items()}

    trainer.learner.model.generator_terms = generator_terms


def fail_with(trainer: Trainer, error: Exception) -> None:
    """Make the next step raise an error."""

    def forward_step(batch: object) -> None:
        raise error

    trainer.learner.model.forward_step = forward_step


def test_run_writes_the_documented_files_and_events(tmp_path: Path) -> None:
    assert trainer(tmp_path, sample_every=2).train()
    files = sorted(
        str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file() and "tensorboard" not in p.parts
    )
    assert files == [
        *(f"checkpoints/step_0000003/{name}" for name in ("config.json", "model.safetensors", "training.pt")),
        "events.jsonl",
        "samples/pictures.npz",
        *(f"samples/step_000000{step}.{suffix}" for step in (0, 2, 3) for suffix in ("npz", "png")),
    ]
    kinds = Counter(event["kind"] for event in read_events(tmp_path / "events.jsonl"))
    assert kinds == {"status": 2, "loss": 3, "sample": 3, "checkpoint": 1}
    for event in (*events(tmp_path, "sample"), *events(tmp_path, "checkpoint")):
        assert (tmp_path / event["file"]).exists()


def test_unweighted_and_weighted_terms_are_both_logged(tmp_path: Path) -> None:
    trainer(tmp_path).train()
    for event in events(tmp_path, "loss"):
        for side in ("discriminator", "generator"):
            assert event[side].keys() == event["weighted"][side].keys()
        assert event["weighted"]["generator"]["cam.disc"] == pytest.approx(1000 * event["generator"]["cam.disc"])
        assert event["weighted"]["generator"]["cycle.disc"] == pytest.approx(10 * event["generator"]["cycle.disc"])
        assert event["rho"]
    rates = [event["rate"] for event in events(tmp_path, "loss")]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] > 0


def test_checkpoint_holds_the_averaged_generators(tmp_path: Path) -> None:
    run = trainer(tmp_path, ema=0.9)
    run.train()
    saved = load_weights(list_checkpoints(tmp_path / "checkpoints")[-1])
    for value, average in zip(saved.generator_parameters(), run.learner.average.state(), strict=True):
        assert torch.equal(value, average)
    assert not torch.equal(saved.generator_ab.to_rgb.weight, run.learner.model.generator_ab.to_rgb.weight)


def test_nan_loss_ends_the_run_with_a_message_and_keeps_the_good_checkpoint(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=9, checkpoint_every=1, keep=1)
    poison(run, at=3)
    with pytest.raises(TranslationError, match=r"generator's loss .* became nan at step 3\. Resume .*--learning-rate"):
        run.train()
    (error,) = events(tmp_path, "error")
    assert error["step"] == 3
    assert "became nan" in error["message"]
    (checkpoint,) = list_checkpoints(tmp_path / "checkpoints")
    assert checkpoint.name == "step_0000002"
    load_weights(checkpoint)


def test_nan_between_two_logged_steps_is_not_saved(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=9, log_every=100, checkpoint_every=2, keep=1)
    poison(run, at=3)
    with pytest.raises(TranslationError, match="at step 4"):
        run.train()
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step_0000002"]


def test_weight_that_overflows_in_the_update_is_not_saved(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=2, checkpoint_every=1)
    clamp = run.learner.model.after_generator_step

    def overflow() -> None:
        clamp()
        torch.nn.init.constant_(run.learner.model.generator_ab.to_rgb.weight, float("inf"))

    run.learner.model.after_generator_step = overflow
    with pytest.raises(TranslationError, match="A weight became infinite or NaN at step 1"):
        run.train()
    assert not list_checkpoints(tmp_path / "checkpoints")


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_out_of_memory_is_reported_with_advice(tmp_path: Path, error: Exception) -> None:
    run = trainer(tmp_path, batch_size=6)
    fail_with(run, error)
    message = rf"cpu has too little memory for batches of 6 at 32 px: go on with --resume --run {tmp_path} "
    with pytest.raises(OutOfMemoryError, match=message + "--batch-size 3 --accumulate 2"):
        run.train()
    assert len(events(tmp_path, "error")) == 1


def test_missing_picture_is_reported_after_the_weights_were_saved(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=9)
    pictures = run.dataset

    class Vanishing(Dataset[dict[str, Tensor]]):
        def __getitem__(self, position: int) -> dict[str, Tensor]:
            if position == 4:
                raise PictureError("There is no file 'disc/000.png'.")
            return pictures[position]

    run.dataset = Vanishing()
    with pytest.raises(PictureError, match=r"disc/000\.png'\. Once that is mended, go on with --resume --run"):
        run.train()
    (error,) = events(tmp_path, "error")
    assert "disc/000.png" in error["message"]
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step_0000004"]


def test_error_of_the_program_is_reported_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = trainer(tmp_path)
    fail_with(run, ZeroDivisionError("by nothing"))
    with pytest.raises(TranslationError, match=r"ZeroDivisionError: by nothing.*go on with --resume"):
        run.train()
    assert len(events(tmp_path, "error")) == 1
    assert "forward_step" in caplog.text  # the log has the traceback


def test_error_is_logged_on_its_own_line_after_an_incomplete_one(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=9)
    original = run.run_log._events.write

    def write(kind: str, *values: object) -> Event:
        if kind == "loss" and run.step == 2:
            with run.run_log.path.open("a") as file:
                file.write('{"step": 2, "ki')
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(kind, *values)

    run.run_log._events.write = write
    with pytest.raises(TranslationError, match=f"The disk of {tmp_path} is full: make room, then go on with --resume"):
        run.train()
    assert [event["step"] for event in events(tmp_path, "error")] == [2]


def test_checkpoint_of_other_networks_does_not_fit(tmp_path: Path) -> None:
    trainer(tmp_path, steps=1).train()
    state = list_checkpoints(tmp_path / "checkpoints")[-1] / "training.pt"
    torch.save({"step": 1, "pictures": 1, "generators": {}}, state)
    with pytest.raises(TranslationError, match="step_0000001 does not fit this run"):
        trainer(tmp_path, steps=2).train()


def test_finished_run_stays_unchanged(tmp_path: Path) -> None:
    trainer(tmp_path, steps=1).train()
    weights = list_checkpoints(tmp_path / "checkpoints")[-1] / "model.safetensors"
    before = weights.read_bytes()
    assert trainer(tmp_path, steps=1).train()
    assert weights.read_bytes() == before


def test_loss_kind_can_be_turned_off_by_its_weight(tmp_path: Path) -> None:
    run = trainer(tmp_path, steps=1)
    run.learner.loss_weights["cam"] = 0.0
    run.train()
    (event,) = events(tmp_path, "loss")
    assert event["weighted"]["generator"]["cam.disc"] == 0
    assert event["generator"]["cam.disc"] > 0
