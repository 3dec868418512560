"""What `config.json` says of weights, a checkpoint or a run."""

from dataclasses import dataclass, field
from typing import Any

from ugatit.config import Settings
from ugatit.errors import ConfigError
from ugatit.text import is_plain, one_line

LONGEST = {"title": 200, "description": 400, "domain": 80}
"""How many characters of the words that people see."""


@dataclass(frozen=True)
class Manifest(Settings):
    """What `config.json` says: everything needed to rebuild the model, and where it comes from.

    model: a name of `ugatit.models.MODELS`. network: that model's config. data, training: the run that made it.
    step: updates behind the weights. title, description: for people, shown in the app: one line each.
    """

    model: str
    network: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    step: int = 0
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        for name, kind in (("model", str), ("network", dict), ("data", dict), ("training", dict)):
            if not isinstance(value := getattr(self, name), kind):
                raise ConfigError(f"{name} must be a {kind.__name__}, got {one_line(repr(value), 60)}.")
        if self.step < 0:
            raise ConfigError(f"step must be at least 0, got {one_line(self.step, 60)}.")
        domains = self.network.get("domains", ())
        named = [("domain", domain) for domain in domains] if isinstance(domains, list | tuple) else []
        for name, text in (("title", self.title), ("description", self.description), *named):
            if not isinstance(text, str) or not is_plain(text, LONGEST[name]):
                raise ConfigError(
                    f"{name} must be one line of at most {LONGEST[name]} visible characters, "
                    f"got {one_line(repr(text), 60)}."
                )

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the network's domains; empty where its config names none."""
        domains = self.network.get("domains")
        return tuple(map(str, domains)) if isinstance(domains, list | tuple) else ()
