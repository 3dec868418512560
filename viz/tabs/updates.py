"""Merge and copy updates of several components."""

from typing import Any

from gradio.blocks import Block

Updates = dict[Any, Any]
"""New values by component, as a Gradio handler returns them."""


def merge_one(*updates: Any) -> dict[str, Any]:
    """Merge updates of one component: components, `gr.update`s or bare values. A later update wins."""
    merged: dict[str, Any] = {}
    for update in updates:
        if isinstance(update, Block):
            merged |= update.constructor_args
        elif isinstance(update, dict) and update.get("__type__") == "update":
            merged |= update
        else:
            merged["value"] = update
    return {**merged, "__type__": "update"}


def copy_updates(updates: Updates) -> Updates:
    """Copy updates for a handler that yields them more than once: Gradio modifies the dictionaries it receives."""
    return {component: dict(update) if isinstance(update, dict) else update for component, update in updates.items()}


def merge_updates(*updates: Updates) -> Updates:
    """Merge updates of several components; where two of them update the same component, a later one wins."""
    merged: Updates = {}
    for components in updates:
        for component, update in components.items():
            merged[component] = merge_one(merged[component], update) if component in merged else update
    return merged
