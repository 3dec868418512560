"""The training loop: fetch, critics' step, generators' step, tell. It knows no paper."""

import math
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ugatit.config import LossWeights, TrainingConfig
from ugatit.devices import resolve_precision
from ugatit.errors import OutOfMemoryError, TranslationError
from ugatit.models.base import Terms, TranslationModel
from ugatit.store import Manifest, load_weights
from ugatit.training.checkpoint import checkpoints, load_state, save_checkpoint
from ugatit.training.ema import Average
from ugatit.training.events import EventLog
from ugatit.training.samples import draw_samples, write_samples
from ugatit.training.schedule import learning_rate


def weigh(terms: Terms, weights: LossWeights) -> Terms:
    """Each term times the weight of its kind, the part of its name before the first dot."""
    return {name: term * getattr(weights, name.partition(".")[0]) for name, term in terms.items()}


def _detached(terms: Terms) -> Terms:
    return {name: term.detach() for name, term in terms.items()}


class Trainer:
    """Trains a model into a run folder, from wherever that folder's last checkpoint stands.

    dataset: position to {domain: (3, S, S) in [-1, 1]}, one position a picture. held_out: {domain: (N, 3, S, S)}.
    manifest: what the run's weights are to say of themselves. report: is told the number of steps done, after each.
    """

    def __init__(
        self,
        model: TranslationModel,
        dataset: Dataset[dict[str, Tensor]],
        held_out: Mapping[str, Tensor],
        config: TrainingConfig,
        manifest: Manifest,
        run: Path,
        device: torch.device,
        report: Callable[[int], None] = lambda step: None,
    ) -> None:
        self.model, self.dataset, self.config, self.run, self.device = model, dataset, config, run, device
        self.manifest, self.report, self.step = manifest, report, 0
        self.bf16 = resolve_precision(config.precision, device) == "bf16"
        # Channels last pays with bf16 kernels and costs without.
        self.layout = torch.channels_last if self.bf16 else torch.contiguous_format
        model.to(device)
        if config.freeze:
            model.freeze(config.freeze)
        self.held_out = {domain: self._place(pictures) for domain, pictures in held_out.items()}
        self.generator_optimizer = self._adam(list(model.generator_parameters()))
        self.critic_optimizer = self._adam(list(model.critic_parameters()))
        averaged = list(model.generator_modules().values())
        self.average = Average(averaged, config.ema) if config.ema else None
        (run / "samples").mkdir(parents=True, exist_ok=True)
        self.events = EventLog(run / "events.jsonl")
        self.stopping = False

    def _adam(self, parameters: list[torch.nn.Parameter]) -> torch.optim.Adam:
        config = self.config
        return torch.optim.Adam(
            [parameter for parameter in parameters if parameter.requires_grad],
            lr=config.learning_rate,
            betas=(config.beta1, config.beta2),
            weight_decay=config.weight_decay,
            fused=True,
        )

    def _place(self, pictures: Tensor) -> Tensor:
        return pictures.to(self.device, non_blocking=True).contiguous(memory_format=self.layout)

    def train(self) -> bool:
        """Train up to the config's steps. Returns whether it got there; a signal to stop saves first."""
        config = self.config
        self.resume()
        self._tell("status", status="resumed" if self.step else "started", steps=config.steps)
        with self._telling_errors(), self._stop_on_signal():
            for batch in self._batches():
                rate = learning_rate(self.step, config.steps, config.learning_rate)
                critic_terms, generator_terms = self.update(batch, rate)
                self.step += 1
                self.report(self.step)
                stopping = self.stopping
                log, sample = self._due(config.log_every), self._due(config.sample_every)
                save = stopping or self._due(config.checkpoint_every)
                if log or sample or save:
                    self._check_finite(discriminator=critic_terms, generator=generator_terms)
                if log:
                    self._tell_losses(critic_terms, generator_terms, rate)
                if sample:
                    self.sample()
                if save:
                    self.save()
                if stopping:
                    break
        done = self.step >= config.steps
        self._tell("status", status="finished" if done else "stopped")
        return done

    def _due(self, every: int) -> bool:
        return self.step % every == 0 or self.step == self.config.steps

    def _batches(self) -> Iterator[dict[str, Tensor]]:
        size = self.config.batch_size
        positions = range(self.step * size, self.config.steps * size)
        loader = DataLoader(self.dataset, batch_size=size, sampler=positions)
        for batch in loader:
            yield {domain: self._place(pictures) for domain, pictures in batch.items()}

    def update(self, batch: Mapping[str, Tensor], rate: float) -> tuple[Terms, Terms]:
        """One step of the critics, then one of the generators against the updated critics.

        batch: {domain: (B, 3, S, S) in [-1, 1]} on the device. Returns both steps' unweighted terms, detached.
        """
        model, weights = self.model, self.config.weights
        for optimizer in (self.critic_optimizer, self.generator_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = rate

        self._set_critics(learning=True)
        with self._precision():
            step = model.forward_step(batch)
            critic_terms = model.discriminator_terms(step)
        torch.stack(list(weigh(critic_terms, weights).values())).sum().backward()
        self.critic_optimizer.step()
        self.critic_optimizer.zero_grad()

        self._set_critics(learning=False)
        with self._precision():
            generator_terms = model.generator_terms(step)
        torch.stack(list(weigh(generator_terms, weights).values())).sum().backward()
        self.generator_optimizer.step()
        self.generator_optimizer.zero_grad()
        model.after_generator_step()
        if self.average:
            self.average.update(self.step)
        return _detached(critic_terms), _detached(generator_terms)

    def _set_critics(self, learning: bool) -> None:
        # In the generators' step the critics need no gradients, and spectral norm moves with their own step only.
        for critic in self.model.critic_modules().values():
            critic.requires_grad_(learning)
            critic.train(learning)

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    @contextmanager
    def _as_shown(self) -> Iterator[None]:
        """The model as samples and weights show it: in eval mode, with averaged generators."""
        self.model.eval()
        if self.average is None:
            yield
            return
        with self.average.applied():
            yield

    def sample(self) -> None:
        """Write the held-out pictures' translations and maps."""
        path = self.run / "samples" / f"step_{self.step:07d}.png"
        with self._as_shown(), self._precision():
            write_samples(path, draw_samples(self.model, self.held_out))
        self._tell("sample", file=f"samples/{path.name}")

    def save(self) -> None:
        """Write a checkpoint: averaged generators to show, everything else to go on from."""
        # Gathered before the average takes the generators' place: these are the weights that training goes on from.
        state = {
            "step": self.step,
            "generators": {n: m.state_dict() for n, m in self.model.generator_modules().items()},
            "generator_optimizer": self.generator_optimizer.state_dict(),
            "critic_optimizer": self.critic_optimizer.state_dict(),
        }
        manifest = replace(self.manifest, step=self.step)
        with self._as_shown():
            path = save_checkpoint(self.run / "checkpoints", self.model, manifest, state, self.config.keep)
        self._tell("checkpoint", file=f"checkpoints/{path.name}")

    def resume(self) -> bool:
        """Go on from the newest checkpoint, if there is one."""
        found = checkpoints(self.run / "checkpoints")
        if not found:
            return False
        self.model.load_state_dict(load_weights(found[-1]).state_dict())
        if self.average:
            self.average.load([p.detach() for p in self.model.generator_parameters()])
        state = load_state(found[-1])
        try:
            for name, values in state["generators"].items():
                self.model.generator_modules()[name].load_state_dict(values)
            self.generator_optimizer.load_state_dict(state["generator_optimizer"])
            self.critic_optimizer.load_state_dict(state["critic_optimizer"])
            self.step = int(state["step"])
        except (KeyError, ValueError, RuntimeError) as error:
            raise TranslationError(f"{found[-1]} does not fit this run: {error}") from error
        return True

    def _tell_losses(self, critic_terms: Terms, generator_terms: Terms, rate: float) -> None:
        terms = {"discriminator": critic_terms, "generator": generator_terms}
        numbers = {step: {n: float(t) for n, t in named.items()} for step, named in terms.items()}
        weighted = {
            step: {n: float(t) for n, t in weigh(named, self.config.weights).items()} for step, named in terms.items()
        }
        rho = {name: float(value.mean()) for name, value in self.model.mixing().items()}
        self._tell("loss", **numbers, weighted=weighted, rho=rho, rate=rate)

    def _check_finite(self, **steps: Terms) -> None:
        """Raises TranslationError for a loss or a weight that is not finite, before it is shown or kept."""
        values = {f"The {step}'s loss {name}": float(t) for step, terms in steps.items() for name, t in terms.items()}
        broken = [f"{name} became {value}" for name, value in values.items() if not math.isfinite(value)]
        if not broken and not all(bool(p.isfinite().all()) for p in self.model.parameters()):
            broken = ["A weight became infinite or NaN"]
        if broken:
            raise TranslationError(
                f"{broken[0]} at step {self.step}. "
                "Resume from the last checkpoint with a lower --learning-rate or --precision fp32."
            )

    @contextmanager
    def _telling_errors(self) -> Iterator[None]:
        """What ends the run is also among its events, for those who watch it from outside."""
        try:
            yield
        except TranslationError as error:
            self._tell("error", message=str(error))
            raise
        except torch.OutOfMemoryError as error:
            message = f"{self.device} has too little memory: choose a smaller --batch-size, --image-size or --ngf."
            self._tell("error", message=message)
            raise OutOfMemoryError(message) from error

    def _tell(self, kind: str, **values: object) -> None:
        self.events.write(kind, self.step, values)

    @contextmanager
    def _stop_on_signal(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C end the loop after the step in hand, so that it can be saved."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.stopping = True

        before = {s: signal.signal(s, stop) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
