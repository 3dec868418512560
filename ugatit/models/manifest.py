"""Manifest of weights, a checkpoint or a run: the contents of its `config.json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ugatit.config import Settings
from ugatit.errors import ConfigError
from ugatit.text import is_plain, one_line

FORMAT = 2
"""The format of `config.json` that is written; files without a `format` have format 1."""
MAX_LENGTHS = {"title": 200, "description": 400, "domain": 80}
"""Limits on the length of displayed texts, in characters."""


@dataclass(frozen=True)
class Manifest(Settings):
    """Contents of `config.json`: everything needed to rebuild the model, and its origin.

    model: a key of `ugatit.models.MODELS`. network: that model's config, as a dict.
    data, training: settings of the run that produced the weights, as dicts; empty if unknown.
    step: number of updates that produced the weights, 0 or more.
    title, description: shown in the app, one line each; their lengths and those of the domain names have limits.
    Raises ConfigError for a value of the wrong type, a negative step, and a text with control characters or too long.
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
        domain_texts = [("domain", domain) for domain in domains] if isinstance(domains, list | tuple) else []
        for name, text in (("title", self.title), ("description", self.description), *domain_texts):
            if not isinstance(text, str) or not is_plain(text, MAX_LENGTHS[name]):
                raise ConfigError(
                    f"{name} must be one line of at most {MAX_LENGTHS[name]} visible characters, "
                    f"got {one_line(repr(text), 60)}."
                )

    def to_dict(self) -> dict[str, Any]:
        """Return the contents of `config.json`, with its format."""
        return {"format": FORMAT, **super().to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a manifest from the contents of a `config.json` of any format up to the present one.

        Raises ConfigError as `Settings.from_dict` does, and for a newer format.
        """
        return super().from_dict(upgraded(values) if isinstance(values, Mapping) else values)

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the network's domains; empty if its config names none."""
        domains = self.network.get("domains")
        return tuple(map(str, domains)) if isinstance(domains, list | tuple) else ()

    @property
    def data_sources(self) -> tuple[str, ...]:
        """The sources that it was trained on, one for each domain or fewer; empty if they are not known."""
        sources = self.data.get("sources", ())
        return tuple(map(str, sources)) if isinstance(sources, list | tuple) else ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The source that each domain was trained on, in the order of the domains; empty if there is none for each."""
        sources = self.data_sources
        return sources if len(sources) == len(self.domains) else ()


def upgraded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the contents of a `config.json` in the present format, without the field `format`.

    Raises ConfigError for a format that is newer or none.
    """
    upgraded = dict(values)
    version = upgraded.pop("format", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= FORMAT:
        raise ConfigError(
            f"format must be a number from 1 to {FORMAT}, got {one_line(repr(version), 40)}: "
            "a newer version of ugatit may read it."
        )
    data = upgraded.get("data")
    if version == 1 and isinstance(data, Mapping) and data:
        # Format 1 had two domains with settings of their own.
        data = dict(data)
        sources = tuple(data.pop(name, "") for name in ("domain_a", "domain_b"))
        tests = tuple(data.pop(name, "") for name in ("test_a", "test_b"))
        upgraded["data"] = {"sources": sources, "test_sources": tests if any(tests) else (), **data}
    return upgraded
