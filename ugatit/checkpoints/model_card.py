"""The model card of shared weights: what they translate, how they were trained and how to use them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from ugatit.checkpoints.registry import HUB_ID
from ugatit.data.kinds import DataKind
from ugatit.models.manifest import Manifest
from ugatit.models.registry import data_kinds, has_attention, targets, title

RECIPE_SETTINGS = ("batch_size", "accumulate", "learning_rate", "ema", "precision", "start_from", "freeze", "seed")

PORTABLE_PREFIXES = ("hub:", "scenes:", "faces:")
"""Prefixes of data sources that mean the same on every machine."""


def model_card(manifest: Manifest, name: str) -> str:
    """Return the README, in Markdown with the front matter that the Hub reads.

    name: the source that the usage example loads. The licence is left to the owner, because it depends on the pictures.
    """
    domains = manifest.domains
    to = next(reversed(targets(manifest)), "B")
    front_matter = {"pipeline_tag": "image-to-image", "library_name": "ugatit", "tags": json.dumps(_tags(manifest))}
    pairing = "on pairs" if DataKind.PAIRED in data_kinds(manifest) else "unpaired"
    sections = [
        "\n".join(
            ["---", *(f"{key}: {value}" for key, value in front_matter.items()), "# license: yours to name", "---"]
        ),
        f"# {title(manifest) or name}",
        *([manifest.description] if manifest.description else []),
        f"{_describe_architecture(manifest)}, trained {pairing} "
        f"between {_listed(domains)}" + (f", {manifest.step:,} steps." if manifest.step else "."),
        f"## Use\n\n```python\nimport ugatit\n\ntranslator = ugatit.load_translator({_string_literal(name)})\n"
        f'translator("picture.png", to={_string_literal(to)}).image.save("translated.png")\n```',
        "## Data\n\n" + "\n".join(_data_lines(manifest)),
        "## Recipe\n\n" + "\n".join(_recipe_lines(manifest.training)) + "\n\nEvery setting is in `config.json`.",
        "## Licence\n\nFor the owner of these weights to say here; the licences of the training pictures come first.",
    ]
    return "\n\n".join(sections) + "\n"


def without_local_paths(manifest: Manifest) -> Manifest:
    """Return a copy of a manifest in which local folders and archives are reduced to their names."""
    data = {
        name: [_strip_folders(source) for source in value] if name in ("sources", "test_sources") else value
        for name, value in manifest.data.items()
    }
    training = dict(manifest.training)
    start = training.get("start_from")
    if isinstance(start, str) and (Path(start).exists() or not HUB_ID.fullmatch(start)):
        training["start_from"] = _strip_folders(start)
    return replace(manifest, data=data, training=training)


def _tags(manifest: Manifest) -> list[str]:
    return [manifest.model, "gan", *(["attention"] if has_attention(manifest) else [])]


def _listed(domains: tuple[str, ...]) -> str:
    names = [f"*{domain}*" for domain in domains]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _string_literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _strip_folders(source: Any) -> Any:
    if not isinstance(source, str) or source.startswith(PORTABLE_PREFIXES):
        return source
    return PurePath(source).name


def _describe_architecture(manifest: Manifest) -> str:
    network = manifest.network
    size = f", {network['image_size']} px" if "image_size" in network else ""
    widths = ", ".join(f"{name} {network[name]}" for name in ("ngf", "ndf") if name in network)
    kind = ("light " if network["light"] else "full ") if "light" in network else ""
    return f"A {kind}{manifest.model} model ({widths}{size})"


def _data_lines(manifest: Manifest) -> Iterator[str]:
    sources = [source for source in manifest.data.get("sources", ()) if source]
    kinds = data_kinds(manifest)
    if len(sources) == len(manifest.domains) and DataKind.LABELLED not in kinds:
        yield from (f"- *{domain}*: `{source}`" for domain, source in zip(manifest.domains, sources, strict=True))
    elif sources and DataKind.PAIRED in kinds:
        yield f"`{sources[0]}`, pairs of {_listed(manifest.domains)}."
    elif sources and DataKind.LABELLED in kinds:
        listed = ", ".join(f"`{source}`" for source in sources)
        yield f"{listed}, with the labels {', '.join(f'*{domain}*' for domain in manifest.domains)}."
    elif sources:
        yield f"`{sources[0]}`, with a folder for each of {', '.join(f'*{domain}*' for domain in manifest.domains)}."
    else:
        yield "Not recorded."


def _recipe_lines(training: dict[str, Any]) -> Iterator[str]:
    for name in RECIPE_SETTINGS:
        if training.get(name) not in (None, ""):
            yield f"- {name}: {training[name]}"
    weights = training.get("weights")
    if isinstance(weights, dict):
        yield "- loss weights: " + ", ".join(f"{name} {value:g}" for name, value in weights.items())
    if not training:
        yield "Not recorded."
