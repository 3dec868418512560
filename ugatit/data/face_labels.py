"""Labels of drawn faces: exclusive expressions, or binary attributes; they follow from a seed and what is named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ugatit.data.face_set import FaceSet
from ugatit.data.face_styles import HAIR, SKIN, STYLES
from ugatit.data.faces import ANY, OFF_UNLESS_NAMED, attribute_names, face_attributes
from ugatit.errors import DataError
from ugatit.text import one_line

FaceLabels = Mapping[str, tuple[str, Any]]
"""By the name of a binary attribute, such as `hair red` or `glasses`: the face's attribute, and the value it means."""
EXPRESSION = "expression"
COLORED = ("hair", "skin")
MIN_FACES = 2
"""The least number of faces of a domain."""


def expression_sets(faces: FaceSet) -> dict[str, FaceSet]:
    """Return the faces of each expression that varies, which share the count; empty where none does.

    Raises DataError for a count that is too small.
    """
    if EXPRESSION not in _varying(faces):
        return {}
    expressions = _values(faces)[EXPRESSION]
    share, rest = divmod(faces.count, len(expressions))
    if share < MIN_FACES:
        raise DataError(
            f"count must be at least {MIN_FACES * len(expressions)} faces, {MIN_FACES} for each of "
            f"{len(expressions)} expressions; got {faces.count}."
        )
    return {
        name: replace(faces, named={**faces.named, EXPRESSION: name}, count=share + (number < rest))
        for number, name in enumerate(expressions)
    }


def face_labels(faces: FaceSet, names: Sequence[str] = ()) -> FaceLabels:
    """Return the binary attributes of faces: those that the seed decides.

    names: those to take; a name such as `hair` stands for all its values. Without any, all but the expressions.
    Raises DataError, listing what there is, for a name that is unknown or does not vary, and where nothing varies.
    """
    groups: dict[str, dict[str, tuple[str, Any]]] = {}
    values = _values(faces)
    for name in _varying(faces):
        text = name.replace("_", " ")
        groups[text] = {f"{text} {v}": (name, v) for v in values[name]} if name in values else {text: (name, True)}
    labels: dict[str, tuple[str, Any]] = {}
    for name in names or [group for group in groups if group != EXPRESSION]:
        text = name.replace("_", " ")
        chosen = groups.get(text) or next(({text: group[text]} for group in groups.values() if text in group), None)
        if chosen is None:
            raise DataError(
                f"{faces.full_name} faces have no attribute {one_line(repr(name), 60)} that varies; there are: "
                f"{', '.join(groups)}{_single_value(groups)}. {faces.style},NAME=any draws one by the seed."
            )
        labels |= chosen
    if not labels:
        raise DataError(f"No attribute of {faces.full_name} faces varies: leave one of them out of the source.")
    return labels


def labels_of(faces: FaceSet, seed: int, labels: FaceLabels) -> tuple[int, ...]:
    """Return 1 or 0 for each label of the face of a seed. Raises DataError for attributes that cannot be drawn."""
    attributes = face_attributes(faces.style, seed, **faces.named)
    return tuple(int(getattr(attributes, name) == value) for name, value in labels.values())


def learnable_labels(faces: FaceSet, names: Sequence[str], seeds: Sequence[int]) -> FaceLabels:
    """Return the labels that the faces of these seeds differ in; of few faces none may have red hair.

    names: as for `face_labels`. Raises DataError as it does, and for a label that was named or if none is left.
    """
    labels = face_labels(faces, names)
    rows = [labels_of(faces, seed, labels) for seed in seeds]
    constant = [name for place, name in enumerate(labels) if len({row[place] for row in rows}) < 2]
    named = {name.replace("_", " ") for name in names}
    if bad := [name for name in constant if name in named or len(constant) == len(labels)]:
        raise DataError(
            f"{faces.full_name}: all of {len(rows)} faces or none have {bad[0]!r}, so nothing can be learned of it: "
            "draw more by count=."
        )
    return {name: value for name, value in labels.items() if name not in constant}


def _varying(faces: FaceSet) -> list[str]:
    """Return the names of the attributes that the seed decides, in the order of `attribute_names`."""
    shape, named = STYLES[faces.style], faces.named
    off = dict.fromkeys(OFF_UNLESS_NAMED, False)
    varying = [name for name in attribute_names(faces.style) if named.get(name, off.get(name, ANY)) == ANY]
    # The smile follows from the expression, and where only the ink is coloured hair and skin are white.
    fixed = {"smile"} if shape.expressions and EXPRESSION not in varying else set()
    return [name for name in varying if name not in fixed and not (name in COLORED and named.get("lines", False))]


def _values(faces: FaceSet) -> dict[str, tuple[str, ...]]:
    """Return the values of the attributes of many values; a named smile leaves only the expressions that fit."""
    shape, smile = STYLES[faces.style], faces.named.get("smile", ANY)
    expressions = shape.expressions if smile == ANY else shape.happy if smile else shape.sad
    return {"hair": tuple(HAIR), "skin": tuple(SKIN), EXPRESSION: expressions}


def _single_value(groups: Mapping[str, Mapping[str, Any]]) -> str:
    examples = [next(iter(group)) for group in groups.values() if len(group) > 1]
    return f", or one value, such as '{examples[0]}'" if examples else ""
