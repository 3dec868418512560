"""One training step of any translation model: losses, gradients, optimizers and the running average."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from ugatit.config import TrainingConfig
from ugatit.devices import resolve_precision
from ugatit.models.base import Batch, Terms, TranslationModel
from ugatit.networks.norms import BatchNorm
from ugatit.training.distributed import ProcessGroup
from ugatit.training.ema import ExponentialMovingAverage
from ugatit.training.optimizer import Optimizer
from ugatit.training.parts import Parts, draw_parts
from ugatit.training.pool import PicturePool


def weighted(terms: Terms, weights: Mapping[str, float]) -> Terms:
    """Return each term times the weight of its kind, the part of its name before the first dot."""
    return {name: term * _weight_of(name, weights) for name, term in terms.items()}


def _weight_of(term: str, weights: Mapping[str, float]) -> float:
    return weights[term.partition(".")[0]]


class Learner:
    """A model with its two optimizers and the running average of its generators.

    processes: the processes that train together and average their gradients; by default this one alone.
    """

    def __init__(
        self,
        model: TranslationModel,
        config: TrainingConfig,
        device: torch.device,
        processes: ProcessGroup | None = None,
    ) -> None:
        self.model, self.config, self.device = model, config, device
        self.processes = processes or ProcessGroup(device)
        self.loss_weights = {**model.loss_weights_type().to_dict(), **config.weights}
        self.bf16 = resolve_precision(config.precision, device) == "bf16"
        # Channels last is faster with native bf16 kernels; without them it is slower and torch rejects its gradients.
        native = self.bf16 and resolve_precision("auto", device) == "bf16"
        self.layout = torch.channels_last if native else torch.contiguous_format
        model.to(device).to(memory_format=self.layout)
        if config.freeze:
            model.freeze(config.freeze)
        self.generator_optimizer = Optimizer(model.generator_parameters(), config)
        self.critic_optimizer = Optimizer(model.critic_parameters(), config)
        self.pool = PicturePool(model.pool_size, config.seed, self.processes.rank)
        averaged = list(model.generator_modules().values())
        self.average = ExponentialMovingAverage(averaged, config.ema) if config.ema else None

    def to_device(self, pictures: Tensor) -> Tensor:
        """Move pictures to the device, in the memory format that the networks read fastest; labels too, as they are."""
        moved = pictures.to(self.device, non_blocking=True)
        return moved.contiguous(memory_format=self.layout) if moved.dim() == 4 else moved

    def update(self, batch: Batch, step: int, rate: float) -> tuple[Terms, Terms]:
        """Train one step: update the critics, then the generators against the updated critics, or as the model orders.

        batch: {domain: (c * k * B, 3, S, S) in [-1, 1]} on the device, for `critic_updates` c of the model and
        `accumulate` k; or what else the model's batches hold. step: updates done before. rate: learning rate.
        Returns the unweighted terms of critics and generators, detached: means over the parts of this process.
        """
        terms = self.compute(self.prepare(batch, step), rate)
        self.finish(step)
        return terms

    def prepare(self, batch: Batch, step: int) -> Parts:
        """Return the parts of a step with all that chance decides, and make the choices of pool and optimizers."""
        self.pool.begin(step)
        for optimizer in (self.generator_optimizer, self.critic_optimizer):
            optimizer.begin()
        return draw_parts(self.model, batch, self.config, step, self.processes.rank)

    def compute(self, updates: Parts, rate: float | Tensor) -> tuple[Terms, Terms]:
        """Update critics and generators by what `prepare` returned; returns what `update` does.

        Depends on tensors alone, and asks the device for no number: what it launches can be recorded and run again,
        with other values in the same tensors. rate: as a tensor, (), for a step that is recorded.
        """
        self.pool.rewind()
        critic_terms: list[Terms] = []
        generator_terms: list[Terms] = []
        for number, turns in enumerate(updates):
            is_last = number == len(updates) - 1
            for parts in turns:
                if self.model.generators_first:
                    of_generators, of_critics = self._update_generators_first(parts, rate)
                else:
                    of_critics, outputs = self._critic_step(parts, rate, keep_graph=is_last)
                    of_generators = self._generator_step(parts, outputs, rate) if is_last else []
                critic_terms += of_critics
                generator_terms += of_generators
        self.model.after_generator_step()
        return _mean(critic_terms), _mean(generator_terms)

    def finish(self, step: int) -> None:
        """Add the updated weights to the running average. step: updates done before."""
        if self.average:
            self.average.update(step)

    def _critic_step(self, parts: Sequence[Batch], rate: float | Tensor, keep_graph: bool) -> tuple[list[Terms], Any]:
        """Update the critics. keep_graph: whether the generators are updated next.

        Returns the terms of each part, and the generators' outputs for the last part.
        """
        terms, outputs = [], None
        for number, part in enumerate(parts):
            # Power iteration runs once per step, with the first part.
            self._set_critic_mode(requires_grad=True, training=number == 0)
            with self.autocast():
                # The graph is kept for the generator step, for one part only: more would take more memory.
                with torch.set_grad_enabled(keep_graph and part is parts[-1]):
                    outputs = self.model.forward_step(part)
                part_terms = self._critic_terms(outputs)
            terms.append(self._backward(part_terms, len(parts)))
        self._step_critics(terms, rate)
        return terms, outputs

    def _critic_terms(self, outputs: Any) -> Terms:
        return self.model.discriminator_terms(self.model.replayed(outputs, self.pool.draw))

    def _step_critics(self, terms: Sequence[Terms], rate: float | Tensor) -> None:
        if any(_weight_of(name, self.loss_weights) for name in terms[0]):
            # Without any loss, weight decay would shrink the critics to zero and spectral norm would become NaN.
            self._optimizer_step(self.critic_optimizer, rate)

    def _generator_step(self, parts: Sequence[Batch], outputs: Any, rate: float | Tensor) -> list[Terms]:
        """Update the generators. outputs: their outputs for the last part. Returns the terms of each part."""
        self._set_critic_mode(requires_grad=False, training=False)
        terms = []
        for part in reversed(parts):
            with self.autocast():
                outputs = self.model.forward_step(part) if outputs is None else outputs
                part_terms = self.model.generator_terms(outputs)
            outputs = None
            terms.append(self._backward(part_terms, len(parts)))
        self._optimizer_step(self.generator_optimizer, rate)
        return terms

    def _update_generators_first(self, parts: Sequence[Batch], rate: float | Tensor) -> tuple[list[Terms], list[Terms]]:
        """Update the generators, then the critics on the fakes from before. Returns the terms of each part of both."""
        steps, generator_terms, critic_terms = [], [], []
        self._set_critic_mode(requires_grad=False, training=False)
        for part in parts:
            with self.autocast():
                outputs = self.model.forward_step(part)
                terms = self.model.generator_terms(outputs)
            generator_terms.append(self._backward(terms, len(parts)))
            steps.append(outputs)
        self._optimizer_step(self.generator_optimizer, rate)
        for number, outputs in enumerate(steps):
            self._set_critic_mode(requires_grad=True, training=number == 0)
            with self.autocast():
                terms = self._critic_terms(outputs)
            critic_terms.append(self._backward(terms, len(parts)))
        self._step_critics(critic_terms, rate)
        return generator_terms, critic_terms

    def _backward(self, terms: Terms, parts: int) -> Terms:
        """Add the gradient of one of `parts` parts. Returns the detached terms."""
        total = torch.stack(list(weighted(terms, self.loss_weights).values())).sum()
        (total / parts).backward()
        return {name: term.detach() for name, term in terms.items()}

    def _optimizer_step(self, optimizer: Optimizer, rate: float | Tensor) -> None:
        optimizer.average_gradients(self.processes)
        optimizer.set_rate(rate)
        optimizer.step()

    def _set_critic_mode(self, requires_grad: bool, training: bool) -> None:
        """Set the mode of all critics. training: whether the power iteration of spectral norm runs."""
        for critic in self.model.critic_modules().values():
            critic.requires_grad_(requires_grad)
            critic.train(training)
        for module in self.model.modules():
            if isinstance(module, BatchNorm):
                # While it learns, batch norm sees its own batch in every network and both steps, as published.
                module.train()

    def drop_gradients(self) -> None:
        """Forget the gradients that a step has left which did not end."""
        for optimizer in (self.generator_optimizer, self.critic_optimizer):
            optimizer.drop_gradients()

    def autocast(self) -> torch.autocast:
        """Return the autocast context of the config's precision."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    @contextmanager
    def averaged_generators(self) -> Iterator[None]:
        """Set the model to eval mode; within the context, the generators have their averaged weights, if any."""
        self.model.eval()
        if self.average is None:
            yield
            return
        with self.average.applied():
            yield

    def is_finite(self) -> bool:
        """Return whether every weight is finite."""
        return all(bool(p.isfinite().all()) for p in self.model.parameters())

    def state(self) -> dict[str, Any]:
        """Return everything needed to resume, apart from the weights with averaged generators."""
        optimizers = (self.generator_optimizer, self.critic_optimizer)
        state: dict[str, Any] = dict(
            zip(("generator_optimizer", "critic_optimizer"), (o.state_dict() for o in optimizers), strict=True)
        )
        if self.average:
            # A checkpoint stores the averaged generators as weights; training continues from these.
            state["generators"] = {n: m.state_dict() for n, m in self.model.generator_modules().items()}
        if pool := self.pool.state_dict():
            state["pool"] = pool
        return state

    def load(self, weights: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Resume from the weights with averaged generators and the result of `state`.

        Raises KeyError, ValueError or RuntimeError if they do not fit.
        """
        self.model.load_state_dict(weights)
        if self.average:
            self.average.load([p.detach() for p in self.model.generator_parameters()])
        for name, values in state.get("generators", {}).items():
            self.model.generator_modules()[name].load_state_dict(values)
        self.generator_optimizer.load_state_dict(state["generator_optimizer"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.pool.load_state_dict({n: self.to_device(p) for n, p in state.get("pool", {}).items()})


def _mean(terms: Sequence[Terms]) -> Terms:
    # Updates that take turns have terms of their own names.
    names = dict.fromkeys(name for part in terms for name in part)
    return {name: torch.stack([part[name] for part in terms if name in part]).mean() for name in names}
