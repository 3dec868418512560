"""Several updates of one component become one."""

import gradio as gr

from viz.tabs.updates import merge_one, merge_updates


def test_a_later_word_counts_and_nothing_else_is_lost() -> None:
    whole = merge_one(gr.skip(), gr.Radio(label="Where", choices=["a", "b"]), gr.update(choices=["c"]), "c")
    assert whole == {"__type__": "update", "label": "Where", "choices": ["c"], "value": "c"}


def test_an_empty_value_is_one() -> None:
    assert merge_one(gr.update(label="Where"), None) == {"__type__": "update", "label": "Where", "value": None}


def test_only_what_is_said_twice_is_merged() -> None:
    one, other = gr.Textbox(), gr.HTML()
    state = object()
    assert merge_updates({one: "a", other: state}, {one: gr.update(label="x")}) == {
        one: {"__type__": "update", "value": "a", "label": "x"},
        other: state,
    }
