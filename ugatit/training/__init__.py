"""Training: the loop, the optimizer, checkpoints in time, run folders and the processes that train in them."""

from ugatit.training.learner import Learner
from ugatit.training.monitor import RunMonitor, RunState
from ugatit.training.trainer import Trainer

__all__ = ["Learner", "RunMonitor", "RunState", "Trainer"]
