"""Merging updates."""

import gradio as gr

from viz.tabs.updates import merge_one, merge_updates


def test_a_later_update_wins_and_nothing_else_is_lost() -> None:
    merged = merge_one(gr.skip(), gr.Radio(label="Where", choices=["a", "b"]), gr.update(choices=["c"]), "c")
    assert merged == {"__type__": "update", "label": "Where", "choices": ["c"], "value": "c"}


def test_none_is_a_value() -> None:
    assert merge_one(gr.update(label="Where"), None) == {"__type__": "update", "label": "Where", "value": None}


def test_only_components_updated_twice_are_merged() -> None:
    one, other = gr.Textbox(), gr.HTML()
    state = object()
    assert merge_updates({one: "a", other: state}, {one: gr.update(label="x")}) == {
        one: {"__type__": "update", "value": "a", "label": "x"},
        other: state,
    }
