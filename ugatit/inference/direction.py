"""What pictures are translated to: the target, and what is known of the pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.models.base import TranslationModel
from ugatit.networks.outputs import GeneratorOutput
from ugatit.text import one_line


@dataclass(frozen=True)
class Direction:
    """From which domain to which.

    origin: the source domain, None if unknown. targets: one, or several attributes. source: the attributes that the
    pictures have; None to let the model read them.
    """

    origin: str | None
    targets: tuple[str, ...]
    source: tuple[str, ...] | None

    @classmethod
    def of(
        cls, model: TranslationModel, to: str | Sequence[str], origin: str | None, source: Sequence[str] | None
    ) -> Self:
        """Return the direction of a model; an unknown origin is its only other domain.

        Raises TranslationError for names the model does not have.
        """
        targets = (to,) if isinstance(to, str) else tuple(to)
        model.check_targets(targets)
        if source is not None:
            known = model.attributes_of(targets[0])
            if unknown := [name for name in source if name not in known]:
                has = f"it has: {', '.join(known)}" if known else "it has none"
                raise TranslationError(f"This model has no attribute {one_line(repr(unknown[0]), 60)}; {has}.")
        return cls(model.origin_of(targets[0], origin), targets, None if source is None else tuple(source))

    @property
    def target(self) -> str:
        """The target, or the first of several: they have the same critics."""
        return self.targets[0]

    @property
    def to(self) -> str:
        """The target's name, or those of several joined by commas."""
        return ", ".join(self.targets)

    def translate(self, model: TranslationModel, pictures: Tensor) -> GeneratorOutput:
        """Translate pictures, (B, 3, H, W) in [-1, 1]. Raises the errors of the model's `translate`."""
        # Only models that have attributes take several targets, or a source.
        translate: Callable[..., GeneratorOutput] = model.translate
        to = self.targets if len(self.targets) > 1 else self.target
        return translate(pictures, to, **({} if self.source is None else {"source": self.source}))
