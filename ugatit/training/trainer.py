"""The training loop of any translation model: fetch, step, log, sample, save."""

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
from ugatit.models.base import Batch, Terms, TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.training.batches import BatchSampler, load_batches, worker_count
from ugatit.training.checkpoint import Checkpoint, open_checkpoint, open_newest_checkpoint, save_checkpoint
from ugatit.training.distributed import PeerFailedError, PeerLostError, ProcessGroup
from ugatit.training.failures import explain_failure
from ugatit.training.learner import Learner
from ugatit.training.progress import print_now
from ugatit.training.run_log import RunLog, loss_values
from ugatit.training.samples import draw_samples, write_samples
from ugatit.training.schedule import learning_rate
from ugatit.training.steps import Telling, step_runner
from ugatit.training.stop_request import StopNow, StopRequest, stop_on_signal


class Trainer:
    """Train a model in a run folder, starting from the folder's newest checkpoint, if any.

    dataset: maps a position to {domain: (3, S, S) in [-1, 1]}, one position per picture.
    held_out: {domain: (N, 3, S, S) in [-1, 1]}, translated in the samples.
    manifest: stored with the weights. run: the run folder.
    report: called after each step with the number of steps done.
    processes: the processes that train together; by default this one alone. remarks: logged at the start of the run.
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
        self.saved_step: int | None = None
        self.critic_updates = model.critic_updates
        self.sampler = self._make_sampler(first_position=0)
        self.run_log = RunLog(run, writes=self.processes.is_main)
        with self._log_failures():
            self.learner = Learner(model, config, device, self.processes)
            self.held_out = {domain: self.learner.to_device(pictures) for domain, pictures in held_out.items()}

    def train(self, keep_start: bool = False) -> bool:
        """Train up to the number of steps in the config. A signal to stop saves a checkpoint first.

        keep_start: save a checkpoint before the first step, for weights that the seed cannot reproduce.
        Returns whether all steps are done. Raises TranslationError for any failure, after logging it.
        """
        config = self.config
        with stop_on_signal() as stop_request, self._log_failures():
            self.resume()
            telling = Telling(self._tell, stop_request.at_once)
            run_step = step_runner(self.learner, config.steps - self.step, telling)
            self._log_start(run_step.remark)
            if keep_start:
                self.save()
            if self.step == 0:
                self.sample()
            batches = self.batches()
            while self.step < config.steps:
                batch = self._next_batch(batches, stop_request)
                if batch is None:
                    break
                rate = learning_rate(self.step, config.steps, config.learning_rate)
                try:
                    critic_terms, generator_terms = run_step(batch, self.step, rate)
                except StopNow:
                    self.save()
                    break
                self.step += 1
                self.report(self.step)
                log, sample, save = map(self._is_due, (config.log_every, config.sample_every, config.checkpoint_every))
                if log or sample or save:
                    losses = self._mean_losses(critic_terms, generator_terms)
                    if log:
                        model, weights = self.learner.model, self.learner.loss_weights
                        self._log("loss", **loss_values(losses, weights, model.mixing(), rate))
                if sample:
                    self.sample()
                if save:
                    self.save()
            done = self.step >= config.steps
            self._log("status", status="finished" if done else "stopped")
            self.run_log.close()
        return done

    def _is_due(self, every: int) -> bool:
        return self.step % every == 0 or self.step == self.config.steps

    def _make_sampler(self, first_position: int) -> BatchSampler:
        config, processes = self.config, self.processes
        batches = config.accumulate * self.critic_updates
        share = (config.batch_size, batches, processes.rank, processes.world_size)
        return BatchSampler(self.step, config.steps, *share, first_position)

    def batches(self) -> Iterator[Batch]:
        """Yield this process's batch for each remaining step, on the device."""
        device = self.learner.device
        for batch in load_batches(self.dataset, self.sampler, worker_count(self.config.workers, device), device):
            yield {domain: self.learner.to_device(pictures) for domain, pictures in batch.items()}

    def _next_batch(self, batches: Iterator[Batch], stop_request: StopRequest) -> Batch | None:
        """Return the next batch, or None if any process was asked to stop.

        Saves before stopping, and before raising the error of a picture that cannot be read: the weights are fine.
        """
        batch, failure = None, None
        try:
            batch = next(batches)
        except (TranslationError, OSError) as error:
            failure = error
        if not self.processes.any(stop_request.requested or failure is not None):
            return batch
        self.save()
        if self.processes.any(failure is not None):
            raise failure or PeerFailedError("Another process has no pictures.")
        return None

    def sample(self) -> None:
        """Write translations and attention maps of the held-out pictures."""

        def write() -> None:
            path = self.run / "samples" / f"step_{self.step:07d}.png"
            with self.learner.averaged_generators(), self.learner.autocast():
                write_samples(path, draw_samples(self.learner.model, self.held_out))
            self._log("sample", file=f"samples/{path.name}")

        if self.held_out:
            self._check_weights()
            self.processes.run_on_main(write)

    def save(self) -> None:
        """Write a checkpoint, unless the current step has one."""

        def write() -> None:
            # Collected before the averaged generators take their place.
            state = {
                "step": self.step,
                "pictures": self.sampler.position_at(self.step),
                "processes": self.processes.world_size,
                **self.learner.state(),
            }
            manifest = replace(self.manifest, step=self.step)
            with self.learner.averaged_generators():
                path = save_checkpoint(self.run / "checkpoints", self.learner.model, manifest, state, self.config.keep)
            self._log("checkpoint", file=f"checkpoints/{path.name}")

        if self.saved_step != self.step:
            self._check_weights()
            self.processes.run_on_main(write)
            self.saved_step = self.step

    def resume(self) -> None:
        """Load the newest readable checkpoint, if any, and give all processes the same weights.

        Raises TranslationError if the checkpoint does not fit this run.
        """
        opened: list[Checkpoint] = []

        def find() -> tuple[Path | None, list[Path]]:
            newest, damaged = open_newest_checkpoint(self.run / "checkpoints")
            opened.extend([newest] if newest else [])
            return newest.path if newest else None, damaged

        path, damaged = self.processes.run_on_main(find)
        self.remarks += [f"A damaged checkpoint was moved aside, to {folder}." for folder in damaged]
        if path:
            # Only the main process has opened it already.
            checkpoint = opened[0] if opened else open_checkpoint(path)
            try:
                self.learner.load(checkpoint.model.state_dict(), checkpoint.state)
                self.step = self.saved_step = int(checkpoint.state["step"])
                # A position, not a step: batch size and number of processes may change without repeating pictures.
                self.sampler = self._make_sampler(first_position=int(checkpoint.state["pictures"]))
            except (KeyError, ValueError, RuntimeError) as error:
                raise TranslationError(f"{path} does not fit this run: {error}") from error
        self.processes.broadcast_weights(self.learner.model)

    def _mean_losses(self, critic_terms: Terms, generator_terms: Terms) -> dict[str, Terms]:
        """Return the mean loss terms over all processes. Raises TranslationError if one is not finite."""
        losses = {
            "discriminator": self.processes.mean_terms(critic_terms),
            "generator": self.processes.mean_terms(generator_terms),
        }
        for side, terms in losses.items():
            for name, term in terms.items():
                if not math.isfinite(term):
                    raise self._divergence_error(f"The {side}'s loss {name} became {float(term)}")
        return losses

    def _check_weights(self) -> None:
        """Raise TranslationError if a weight is not finite; called before sampling and saving."""
        if not self.learner.is_finite():
            raise self._divergence_error("A weight became infinite or NaN")

    def _divergence_error(self, problem: str) -> TranslationError:
        saved = self.saved_step is not None
        advice = "Resume from the last checkpoint" if saved else "Begin again, as no checkpoint was due,"
        return self.processes.report_once(
            TranslationError(
                f"{problem} at step {self.step}. {advice} with a lower --learning-rate or --precision fp32: "
                f"--resume --run {self.run}."
            )
        )

    def _log_start(self, remark: str) -> None:
        status = "resumed" if self.step else "started"
        steps, count = self.config.steps, self.processes.world_size
        remarks = [*self.remarks, *filter(None, [remark])]
        self._log("status", status=status, steps=steps, processes=count, remarks=remarks)
        if remark and self.processes.is_main:
            print_now(remark)

    def _tell(self, line: str) -> None:
        """Log and print a line on how the run goes on."""
        self._log("status", status="running", message=line)
        if self.processes.is_main:
            print_now(line)

    def _log(self, kind: str, **values: object) -> None:
        self.run_log.log(kind, self.step, values)

    @contextmanager
    def _log_failures(self) -> Iterator[None]:
        """Log whatever ends the run as an error event, and raise it as a TranslationError."""
        try:
            yield
        except PeerFailedError:
            raise
        except PeerLostError as error:
            if self.run_log.failure_was_logged():
                raise PeerFailedError(str(error)) from error
            message = f"{error} It was killed or its machine is gone: go on with --resume --run {self.run}."
            self.run_log.log_failure(self.step, message)
            raise TranslationError(message) from error
        except Exception as error:
            failure = explain_failure(error, self.run, self.processes.device, self.config, self.manifest.network)
            self.run_log.log_failure(self.step, str(failure))
            raise failure from error
