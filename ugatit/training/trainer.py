"""The training loop: fetch, learn, tell, show, keep. It knows no paper."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from ugatit.config import TrainingConfig
from ugatit.errors import TranslationError
from ugatit.models.base import Terms, TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.training.batches import Batch, BatchSampler, batches, worker_count
from ugatit.training.checkpoint import Checkpoint, newest_readable, open_checkpoint, save_checkpoint
from ugatit.training.distributed import PeerFailedError, PeerLostError, ProcessGroup
from ugatit.training.failures import explain_failure
from ugatit.training.learner import Learner, weighted
from ugatit.training.run_log import RunLog
from ugatit.training.samples import draw_samples, write_samples
from ugatit.training.schedule import learning_rate
from ugatit.training.stop_request import StopRequest, stop_on_signal


class Trainer:
    """Trains a model into a run folder, from wherever that folder's last checkpoint stands.

    dataset: position to {domain: (3, S, S) in [-1, 1]}, one position a picture. held_out: {domain: (N, 3, S, S)}.
    manifest: what the run's weights are to say of themselves. report: is told the number of steps done, after each.
    processes: those that train together; this one alone unless given. remarks: told with the run's beginning.
    """

    def __init__(
        self,
        model: TranslationModel,
        dataset: Dataset[Batch],
        held_out: Mapping[str, Tensor],
        config: TrainingConfig,
        manifest: Manifest,
        run: Path,
        device: torch.device,
        report: Callable[[int], None] = lambda step: None,
        processes: ProcessGroup | None = None,
        remarks: Sequence[str] = (),
    ) -> None:
        self.dataset, self.config, self.manifest, self.run, self.report = dataset, config, manifest, run, report
        self.processes = processes or ProcessGroup(device)
        self.remarks = list(remarks)
        self.step = 0
        self.saved: int | None = None
        self.sampler = self._sampler(seen=0)
        self.run_log = RunLog(run, writes=self.processes.is_main)
        with self._telling_failures():
            self.learner = Learner(model, config, device, self.processes)
            self.held_out = {domain: self.learner.place(pictures) for domain, pictures in held_out.items()}

    def train(self, keep_start: bool = False) -> bool:
        """Train up to the config's steps. Returns whether it got there; a signal to stop saves first.

        keep_start: save before the first step what could not be drawn again from the seed.
        """
        config = self.config
        with stop_on_signal() as stop_request, self._telling_failures():
            self.resume()
            self._tell_beginning()
            if keep_start:
                self.save()
            if not self.step:
                self.sample()
            feed = self.feed()
            while self.step < config.steps:
                batch = self._fetch(feed, stop_request)
                if batch is None:
                    break
                rate = learning_rate(self.step, config.steps, config.learning_rate)
                critic_terms, generator_terms = self.learner.update(batch, self.step, rate)
                self.step += 1
                self.report(self.step)
                log, sample, save = map(self._due, (config.log_every, config.sample_every, config.checkpoint_every))
                if log or sample or save:
                    self._check_and_tell(critic_terms, generator_terms, rate if log else None)
                if sample:
                    self.sample()
                if save:
                    self.save()
            done = self.step >= config.steps
            self._tell("status", status="finished" if done else "stopped")
            self.run_log.close()
        return done

    def _due(self, every: int) -> bool:
        return self.step % every == 0 or self.step == self.config.steps

    def _sampler(self, seen: int) -> BatchSampler:
        config, processes = self.config, self.processes
        shares = (config.batch_size, config.accumulate, processes.rank, processes.world_size)
        return BatchSampler(self.step, config.steps, *shares, seen)

    def feed(self) -> Iterator[Batch]:
        """This process's pictures for each step to come, on the device."""
        device = self.learner.device
        for batch in batches(self.dataset, self.sampler, worker_count(self.config.workers, device), device):
            yield {domain: self.learner.place(pictures) for domain, pictures in batch.items()}

    def _fetch(self, feed: Iterator[Batch], stop_request: StopRequest) -> Batch | None:
        """The next step's pictures, or None where some process was asked to stop. If this is the end, it saves first.

        Raises what keeps pictures from being read: they may be missing where the weights are fine.
        """
        batch, flaw = None, None
        try:
            batch = next(feed)
        except (TranslationError, OSError) as error:
            flaw = error
        if not self.processes.any(stop_request.stop or flaw is not None):
            return batch
        self.save()
        if self.processes.any(flaw is not None):
            raise flaw or PeerFailedError("Another process has no pictures.")
        return None

    def sample(self) -> None:
        """Write the held-out pictures' translations and maps."""

        def write() -> None:
            path = self.run / "samples" / f"step_{self.step:07d}.png"
            with self.learner.as_shown(), self.learner.precision():
                write_samples(path, draw_samples(self.learner.model, self.held_out))
            self._tell("sample", file=f"samples/{path.name}")

        if self.held_out:
            self._check_weights()
            self.processes.run_on_main(write)

    def save(self) -> None:
        """Write a checkpoint, unless this very step is kept already."""

        def write() -> None:
            seen = self.sampler.seen_after(self.step)
            # Gathered before the averaged generators take their place.
            state = {
                "step": self.step,
                "pictures": seen,
                "processes": self.processes.world_size,
                **self.learner.state(),
            }
            manifest = replace(self.manifest, step=self.step)
            with self.learner.as_shown():
                folder = self.run / "checkpoints"
                path = save_checkpoint(folder, self.learner.model, manifest, state, self.config.keep)
            self._tell("checkpoint", file=f"checkpoints/{path.name}")

        if self.saved != self.step:
            self._check_weights()
            self.processes.run_on_main(write)
            self.saved = self.step

    def resume(self) -> None:
        """Go on from the newest whole checkpoint, if there is one; all processes from the same weights."""
        read: list[Checkpoint] = []

        def look() -> tuple[Path | None, list[Path]]:
            whole, damaged = newest_readable(self.run / "checkpoints")
            read.extend([whole] if whole else [])
            return whole.path if whole else None, damaged

        path, damaged = self.processes.run_on_main(look)
        self.remarks += [f"A damaged checkpoint was moved aside, to {one}." for one in damaged]
        if path:
            checkpoint = read[0] if read else open_checkpoint(path)
            try:
                self.learner.load(checkpoint.model.state_dict(), checkpoint.state)
                self.step = self.saved = int(checkpoint.state["step"])
                # Counted in pictures: the order goes on also with other batches or another number of processes.
                self.sampler = self._sampler(seen=int(checkpoint.state["pictures"]))
            except (KeyError, ValueError, RuntimeError) as error:
                raise TranslationError(f"{path} does not fit this run: {error}") from error
        self.processes.broadcast_weights(self.learner.model)

    def _check_and_tell(self, critic_terms: Terms, generator_terms: Terms, rate: float | None) -> None:
        """Check that the losses, means over all processes, are numbers; tell them where a rate is given."""
        terms = {
            "discriminator": self.processes.mean_terms(critic_terms),
            "generator": self.processes.mean_terms(generator_terms),
        }
        numbers = {side: {n: float(t) for n, t in named.items()} for side, named in terms.items()}
        for side, named in numbers.items():
            for name, value in named.items():
                if not math.isfinite(value):
                    raise self._broken(f"The {side}'s loss {name} became {value}")
        if rate is None:
            return
        weights = self.config.weights
        products = {side: {n: float(t) for n, t in weighted(named, weights).items()} for side, named in terms.items()}
        rho = {name: float(value.mean()) for name, value in self.learner.model.mixing().items()}
        self._tell("loss", **numbers, weighted=products, rho=rho, rate=rate)

    def _check_weights(self) -> None:
        """Raises TranslationError for a weight that is not finite, before it is shown or kept."""
        if not self.learner.is_finite():
            raise self._broken("A weight became infinite or NaN")

    def _broken(self, what: str) -> TranslationError:
        kept = self.saved is not None
        again = "Resume from the last checkpoint" if kept else "Begin again, as no checkpoint was due,"
        return self.processes.reported_once(
            TranslationError(
                f"{what} at step {self.step}. {again} with a lower --learning-rate or --precision fp32: "
                f"--resume --run {self.run}."
            )
        )

    def _tell_beginning(self) -> None:
        status = "resumed" if self.step else "started"
        steps, count = self.config.steps, self.processes.world_size
        self._tell("status", status=status, steps=steps, processes=count, remarks=self.remarks)

    def _tell(self, kind: str, **values: object) -> None:
        self.run_log.tell(kind, self.step, values)

    @contextmanager
    def _telling_failures(self) -> Iterator[None]:
        """What ends the run is also among its events, for those who watch it from outside."""
        try:
            yield
        except PeerFailedError:
            raise
        except PeerLostError as error:
            if self.run_log.failure_was_told():
                raise PeerFailedError(str(error)) from error
            message = f"{error} It was killed or its machine is gone: go on with --resume --run {self.run}."
            self.run_log.tell_failure(self.step, message)
            raise TranslationError(message) from error
        except Exception as error:
            told = explain_failure(error, self.run, self.processes.device, self.config, self.manifest.network)
            self.run_log.tell_failure(self.step, str(told))
            raise told from error
