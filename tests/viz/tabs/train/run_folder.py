"""A run folder that a test fills with events and samples."""

from pathlib import Path

from tests.tiny import tiny_config
from tests.viz.test_timeline import sample
from ugatit.checkpoints.store import write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.models.manifest import Manifest
from ugatit.training.events import EventLog
from ugatit.training.samples import write_samples


class RunFolder:
    """The folder of a run that has started, with 100 steps to do."""

    def __init__(self, root: Path, name: str = "mine") -> None:
        self.folder = root / name
        (self.folder / "samples").mkdir(parents=True)
        settings = DataConfig(("scenes:disc", "scenes:square")).to_dict(), TrainingConfig().to_dict()
        write_manifest(self.folder, Manifest("ugatit", tiny_config().to_dict(), *settings))
        self.events = EventLog(self.folder / "events.jsonl")
        self.events.write("status", 0, {"status": "started", "steps": 100})

    def write_losses(self, step: int) -> None:
        terms = {"cycle.disc": 1.0 / (step + 1)}
        rho = {"generator_ab.a": 0.9, "generator_ba.a": 0.8}
        self.events.write("loss", step, {"generator": terms, "discriminator": terms, "rho": rho})

    def write_sample(self, step: int) -> None:
        name = f"samples/step_{step:07d}.png"
        write_samples(self.folder / name, sample(1.0))
        self.events.write("sample", step, {"file": name})
