"""New values for components, several at once."""

from typing import Any

from gradio.blocks import Block

Updates = dict[Any, Any]


def merge_one(*updates: Any) -> dict[str, Any]:
    """Several updates of one component as one: components, `gr.update`s or bare values; a later one's word counts."""
    whole: dict[str, Any] = {}
    for update in updates:
        if isinstance(update, Block):
            whole |= update.constructor_args
        elif isinstance(update, dict) and update.get("__type__") == "update":
            whole |= update
        else:
            whole["value"] = update
    return {**whole, "__type__": "update"}


def copy_updates(updates: Updates) -> Updates:
    """The same, for a handler that yields them more than once: Gradio takes apart the dictionaries it is given."""
    return {component: dict(update) if isinstance(update, dict) else update for component, update in updates.items()}


def merge_updates(*updates: Updates) -> Updates:
    """Updates of several components as one; what two of them say of one component is merged."""
    whole: Updates = {}
    for each in updates:
        for component, update in each.items():
            whole[component] = merge_one(whole[component], update) if component in whole else update
    return whole
