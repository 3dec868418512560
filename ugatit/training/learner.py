"""One model and all that moves its weights: what a step of training does. It knows no paper."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from ugatit.config import LossWeights, TrainingConfig
from ugatit.devices import resolve_precision
from ugatit.models.base import Terms, TranslationModel
from ugatit.training.batches import Batch
from ugatit.training.distributed import ProcessGroup
from ugatit.training.ema import ExponentialMovingAverage
from ugatit.training.optimizer import Optimizer


def weighted(terms: Terms, weights: LossWeights) -> Terms:
    """Each term times the weight of its kind, the part of its name before the first dot."""
    return {name: term * _weight_of(name, weights) for name, term in terms.items()}


def _weight_of(term: str, weights: LossWeights) -> float:
    weight: float = getattr(weights, term.partition(".")[0])
    return weight


class Learner:
    """A model with its two optimizers and its running average.

    processes: those whose gradients are averaged; this one alone unless given.
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
        self.bf16 = resolve_precision(config.precision, device) == "bf16"
        # Channels last pays with bf16 kernels and costs without; without native ones torch even refuses its gradients.
        native = self.bf16 and resolve_precision("auto", device) == "bf16"
        self.layout = torch.channels_last if native else torch.contiguous_format
        model.to(device).to(memory_format=self.layout)
        if config.freeze:
            model.freeze(config.freeze)
        self.generator_optimizer = Optimizer(model.generator_parameters(), config)
        self.critic_optimizer = Optimizer(model.critic_parameters(), config)
        averaged = list(model.generator_modules().values())
        self.average = ExponentialMovingAverage(averaged, config.ema) if config.ema else None

    def place(self, pictures: Tensor) -> Tensor:
        """Pictures where, and as, the networks read them fastest."""
        return pictures.to(self.device, non_blocking=True).contiguous(memory_format=self.layout)

    def update(self, batch: Batch, step: int, rate: float) -> tuple[Terms, Terms]:
        """One step of the critics, then one of the generators against the updated critics.

        batch: {domain: (k * B, 3, S, S) in [-1, 1]} on the device: k = `accumulate` parts, one after another.
        step: updates done before. Returns both steps' unweighted terms: detached means over this process's parts.
        """
        size = self.config.batch_size
        count = len(next(iter(batch.values()))) // size
        parts = [{domain: p[i * size : (i + 1) * size] for domain, p in batch.items()} for i in range(count)]

        critic_terms, made = self._teach_critics(parts)
        if any(_weight_of(name, self.config.weights) for name in critic_terms[0]):
            # Otherwise weight decay alone would take them to zero, and spectral norm to what is no number.
            self._move(self.critic_optimizer, rate)
        generator_terms = self._teach_generators(parts, made)
        self._move(self.generator_optimizer, rate)

        self.model.after_generator_step()
        if self.average:
            self.average.update(step)
        return _mean(critic_terms), _mean(generator_terms)

    def _teach_critics(self, parts: Sequence[Batch]) -> tuple[list[Terms], Any]:
        """The critics' gradients. Returns the terms of each part, and what the generators made of the last one."""
        terms, made = [], None
        for number, part in enumerate(parts):
            self._set_critics(learning=True, moving=number == 0)
            with self.precision():
                # The generators' graph is kept for their own step; of one part only, or memory would grow with them.
                with torch.set_grad_enabled(part is parts[-1]):
                    made = self.model.forward_step(part)
                told = self.model.discriminator_terms(made)
            terms.append(self._learn(told, len(parts)))
        return terms, made

    def _teach_generators(self, parts: Sequence[Batch], made: Any) -> list[Terms]:
        """The generators' gradients. made: what they made of the last part. Returns the terms of each part."""
        self._set_critics(learning=False, moving=False)
        terms = []
        for part in reversed(parts):
            with self.precision():
                made = self.model.forward_step(part) if made is None else made
                told = self.model.generator_terms(made)
            made = None
            terms.append(self._learn(told, len(parts)))
        return terms

    def _learn(self, terms: Terms, parts: int) -> Terms:
        """Add the gradient of one of so many parts. Returns the terms without their graph."""
        total = torch.stack(list(weighted(terms, self.config.weights).values())).sum()
        (total / parts).backward()
        return {name: term.detach() for name, term in terms.items()}

    def _move(self, optimizer: Optimizer, rate: float) -> None:
        optimizer.average(self.processes)
        optimizer.set_rate(rate)
        optimizer.step()

    def _set_critics(self, learning: bool, moving: bool) -> None:
        # In the generators' step the critics need no gradients. Spectral norm moves once a step, with the first part.
        for critic in self.model.critic_modules().values():
            critic.requires_grad_(learning)
            critic.train(moving)

    def precision(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    @contextmanager
    def as_shown(self) -> Iterator[None]:
        """The model as samples and weights show it: in eval mode, with averaged generators."""
        self.model.eval()
        if self.average is None:
            yield
            return
        with self.average.applied():
            yield

    def is_finite(self) -> bool:
        """Whether every weight is a number."""
        return all(bool(p.isfinite().all()) for p in self.model.parameters())

    def state(self) -> dict[str, Any]:
        """All that going on needs beside the weights as shown."""
        optimizers = (self.generator_optimizer, self.critic_optimizer)
        state: dict[str, Any] = dict(
            zip(("generator_optimizer", "critic_optimizer"), (o.state_dict() for o in optimizers), strict=True)
        )
        if self.average:
            # Not those that are shown: these are the weights that training goes on from.
            state["generators"] = {n: m.state_dict() for n, m in self.model.generator_modules().items()}
        return state

    def load(self, shown: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Go on from the weights as shown and what `state` gave. Raises KeyError, ValueError or RuntimeError."""
        self.model.load_state_dict(shown)
        if self.average:
            self.average.load([p.detach() for p in self.model.generator_parameters()])
        for name, values in state.get("generators", {}).items():
            self.model.generator_modules()[name].load_state_dict(values)
        self.generator_optimizer.load_state_dict(state["generator_optimizer"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])


def _mean(terms: Sequence[Terms]) -> Terms:
    return {name: torch.stack([part[name] for part in terms]).mean() for name in terms[0]}
