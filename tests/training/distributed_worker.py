"""One of the processes that test_distributed.py starts by torchrun. Arguments: OUTPUT EVENT POSITION.

EVENT (`stop`, `fail` or `kill`) happens in the second process when it reads POSITION.
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
from ugatit.training.learner import Learner
from ugatit.training.trainer import Trainer

STEPS = 9


class Pictures(Dataset[dict[str, Tensor]]):
    """One picture per position; reading one of them causes an event."""

    def __init__(self, event: str = "", position: int = -1) -> None:
        self.event, self.position = event, position

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        if position == self.position:
            if self.event == "fail":
                raise PictureError("There is no file 'a.png'.")
            os.kill(os.getpid(), {"stop": signal.SIGTERM, "kill": signal.SIGKILL}[self.event])
        return {"disc": pictures(1, seed=2 * position)[0], "square": pictures(1, seed=2 * position + 1)[0]}


def disable_power_iteration(learner: Learner) -> None:
    """Keep the critics' spectral norm constant, so that training does not depend on the number of parts."""
    set_mode = learner._set_critic_mode
    learner._set_critic_mode = lambda requires_grad, training: set_mode(requires_grad, training=False)


def trainer(
    run: Path, processes: ProcessGroup, dataset: Dataset[dict[str, Tensor]], batch_size: int, accumulate: int
) -> Trainer:
    """Return a trainer without power iteration, which depends on the number of parts and processes."""
    config = TrainingConfig(
        steps=STEPS, batch_size=batch_size, accumulate=accumulate, precision="fp32", ema=0.9, log_every=1
    )
    # Each process has other initial weights: they must be replaced by those of the first.
    model = tiny_model(processes.rank, blocks=0, ndf=2)
    manifest = Manifest(model.name, model.config.to_dict())
    held_out = {"disc": pictures(1, seed=100), "square": pictures(1, seed=101)}
    result = Trainer(model, dataset, held_out, config, manifest, run, processes.device, processes=processes)
    disable_power_iteration(result.learner)
    return result


def main() -> int:
    output, event, position = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with process_group("cpu") as processes:
        dataset = Pictures(event, position) if processes.rank == 1 else Pictures()
        training = trainer(output, processes, dataset, batch_size=1, accumulate=2)
        try:
            training.train()
        except PeerFailedError:
            return 2
        except TranslationError as error:
            print(f"reported: {error}", file=sys.stderr)
            return 2
        torch.save((training.step, training.learner.model.state_dict()), output / f"rank{processes.rank}.pt")
    return 0


if __name__ == "__main__":
    exit_process(main())
