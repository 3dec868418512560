"""Titles made of domains say which ways a model translates, and stay short."""

import pytest

from tests.models.test_pix2pix import tiny_model as pix2pix
from tests.models.test_stargan import attribute_model, tiny_model
from tests.tiny import tiny_config
from ugatit.models.manifest import MAX_LENGTHS, Manifest
from ugatit.models.registry import title
from ugatit.models.titles import domains_title


@pytest.mark.parametrize(
    ("domains", "targets", "expected"),
    [
        (("toon", "lorelei"), ("toon", "lorelei"), "toon ↔ lorelei"),
        (("lines", "color"), ("color",), "lines → color"),
        (("lines", "color"), ("lines",), "color → lines"),
        (("a", "b", "c"), ("c",), "a, b → c"),
        (("glasses", "smile"), ("glasses", "smile", "no glasses", "no smile"), "glasses, smile"),
        ((), (), ""),
    ],
)
def test_a_title_says_which_way(domains: tuple[str, ...], targets: tuple[str, ...], expected: str) -> None:
    assert domains_title(domains, targets) == expected


def test_many_names_are_counted() -> None:
    names = tuple(f"attribute {number}" for number in range(40))
    assert domains_title(names, (*names, "no attribute 0")).endswith("attribute 5, … (+34)")
    longest = tuple("x" * (MAX_LENGTHS["domain"] - 1) + end for end in "abc")
    assert len(domains_title(longest, longest)) <= MAX_LENGTHS["title"]


def test_models_are_titled_by_their_config() -> None:
    models = {"lines → color": pix2pix(), "cat ↔ dog ↔ fox": tiny_model()}
    models["glasses, black hair, red hair"] = attribute_model()
    for expected, model in models.items():
        assert title(Manifest(model.name, model.config.to_dict())) == expected
    assert title(Manifest("ugatit", tiny_config().to_dict(), title="its own")) == "its own"
    assert title(Manifest("unknown", {"domains": ["A", "B"]})) == "A ↔ B"
