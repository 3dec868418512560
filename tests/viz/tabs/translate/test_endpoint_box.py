"""The endpoint `/translate` always gives five outputs; the maps that a model does not have are None."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from ugatit.inference.translation import Translation
from viz.tabs.translate import endpoint_box


def answer(translation: Translation, folder: Path) -> list[Any]:
    """Call the endpoint of a page whose only model gives this translation."""
    translation.source.save(folder / "one.png")
    with gr.Blocks() as demo:
        endpoint_box.build(lambda *_: translation, gr.State(()))
    endpoint = next(block for block in demo.fns.values() if block.api_name == "translate")
    values: list[Any] = endpoint.fn(str(folder / "one.png"), translation.to, "any")
    return values


def test_model_with_attention_gives_its_three_maps(translation: Translation, tmp_path: Path) -> None:
    image, *maps, details = answer(translation, tmp_path)
    assert image is translation.image
    assert [one is not None for one in maps] == [True] * 3
    assert list(details["maps"]) == ["generator", "local", "global"]


def test_model_without_attention_gives_its_patch_scores_as_numbers(scored: Translation, tmp_path: Path) -> None:
    _, *maps, details = answer(scored, tmp_path)
    assert maps == [None] * 3
    assert details["maps"]["patch"]["mean_patch_logit"] == pytest.approx(0, abs=1e-6)
    assert details["from"] is None
