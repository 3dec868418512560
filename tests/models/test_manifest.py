"""Manifests: `config.json` carries its format, and older formats are upgraded."""

from typing import Any

import pytest

from ugatit.errors import ConfigError
from ugatit.models import Manifest

FIRST = {"model": "ugatit", "network": {"domains": ["cat", "dog"]}, "step": 3}


def with_data(**data: Any) -> dict[str, Any]:
    return {**FIRST, "data": data}


def test_manifest_is_written_with_its_format_and_read_back() -> None:
    manifest = Manifest("toy", {"domains": ["a", "b", "c"]}, {"sources": ["x"]})
    assert manifest.to_dict()["format"] == 2
    assert Manifest.from_dict(manifest.to_dict()) == manifest


@pytest.mark.parametrize(
    ("data", "upgraded"),
    [
        ({}, {}),
        ({"domain_a": "x", "domain_b": "y", "fit": "pad"}, {"sources": ("x", "y"), "test_sources": (), "fit": "pad"}),
        (
            {"domain_a": "x", "domain_b": "y", "test_a": "", "test_b": "z"},
            {"sources": ("x", "y"), "test_sources": ("", "z")},
        ),
    ],
)
def test_first_format_is_upgraded(data: dict[str, Any], upgraded: dict[str, Any]) -> None:
    manifest = Manifest.from_dict(with_data(**data))
    assert manifest.data == upgraded
    assert (manifest.model, manifest.step, manifest.domains) == ("ugatit", 3, ("cat", "dog"))


@pytest.mark.parametrize("version", [0, 3, "2", True, None, [2]])
def test_unknown_format_is_refused(version: object) -> None:
    with pytest.raises(ConfigError, match=r"format must be a number from 1 to 2, got .*: a newer version of ugatit"):
        Manifest.from_dict({**FIRST, "format": version})


@pytest.mark.parametrize("data", [[], "x", None])
def test_data_that_are_no_settings_are_refused(data: object) -> None:
    with pytest.raises(ConfigError, match="data must be a dict"):
        Manifest.from_dict({**FIRST, "data": data})
