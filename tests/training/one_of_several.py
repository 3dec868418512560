"""A process that trains with others, started by torchrun from test_processes.py: OUTPUT EVENT POSITION.

EVENT happens to the second process when it is to read POSITION: `stop`, `fail` or `kill`.
"""

import os
import signal
import sys
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from tests.tiny import pictures, tiny_model
from ugatit.config import TrainingConfig
from ugatit.errors import PictureError, TranslationError
from ugatit.models.manifest import Manifest
from ugatit.training.distributed import PeerFailedError, ProcessGroup, exit_process, process_group
from ugatit.training.trainer import Trainer

STEPS = 9


class Pictures(Dataset[dict[str, Tensor]]):
    """A picture a position; at one of them something happens."""

    def __init__(self, event: str = "", position: int = -1) -> None:
        self.event, self.position = event, position

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        if position == self.position:
            if self.event == "fail":
                raise PictureError("There is no file 'a.png'.")
            os.kill(os.getpid(), {"stop": signal.SIGTERM, "kill": signal.SIGKILL}[self.event])
        return {"disc": pictures(1, seed=2 * position)[0], "square": pictures(1, seed=2 * position + 1)[0]}


def trainer(
    run: Path, processes: ProcessGroup, dataset: Dataset[dict[str, Tensor]], batch_size: int, accumulate: int
) -> Trainer:
    """Its critics' spectral norm is held still: it moves by the critics' own weights, not by averages of gradients."""
    config = TrainingConfig(
        steps=STEPS, batch_size=batch_size, accumulate=accumulate, precision="fp32", ema=0.9, log_every=1
    )
    # Each process draws other weights: they are to begin with the first one's.
    model = tiny_model(processes.rank, blocks=0, ndf=2)
    manifest = Manifest(model.name, model.config.to_dict())
    held_out = {"disc": pictures(1, seed=100), "square": pictures(1, seed=101)}
    made = Trainer(model, dataset, held_out, config, manifest, run, processes.device, processes=processes)
    set_critics = made.learner._set_critics
    made.learner._set_critics = lambda learning, moving: set_critics(learning, moving=False)
    return made


def main() -> int:
    output, event, position = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with process_group("cpu") as processes:
        mine = Pictures(event, position) if processes.rank == 1 else Pictures()
        made = trainer(output, processes, mine, batch_size=1, accumulate=2)
        try:
            made.train()
        except PeerFailedError:
            return 2
        except TranslationError as error:
            print(f"told: {error}", file=sys.stderr)
            return 2
        torch.save((made.step, made.learner.model.state_dict()), output / f"rank{processes.rank}.pt")
    return 0


if __name__ == "__main__":
    exit_process(main())
