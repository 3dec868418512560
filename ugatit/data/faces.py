"""Drawn faces with known ground truth: one attribute can change while everything else stays.

Faces are drawn by DiceBear (`dicebear-core`, `dicebear-styles`, `resvg_py`) from a seed and attributes. The same seed
and attributes give the same bytes, so each edit has its exact true answer and its exact mask.
"""

import io
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ugatit.data.face_styles import HAIR, SKIN, STYLES, FaceStyle
from ugatit.errors import DataError
from ugatit.text import one_line

__all__ = [
    "HAIR",
    "SKIN",
    "STYLES",
    "FaceAttributes",
    "FaceStyle",
    "edit_mask",
    "face",
    "face_attributes",
    "part_masks",
]

Mask = NDArray[np.bool_]
Options = dict[str, Any]

ANY = "any"
"""The value of an attribute that is drawn by the seed."""
SMALLEST, LARGEST = 16, 2048
EMPTY = "Empty"
OFF_UNLESS_NAMED = ("beard", "freckles", "earrings", "hair_accessories", "lines")
COMPONENTS = ("beard", "freckles", "earrings", "hair_accessories")


@dataclass(frozen=True)
class FaceAttributes:
    """The attributes of a drawn face; None where the style has no such attribute.

    hair, skin: a name of `HAIR` and `SKIN`. glasses: False, True for the style's own shape, or the name of another.
    smile: of two groups of mouths. beard, freckles, earrings, hair_accessories. lines: only the ink is coloured.
    expression: of a style that names expressions.
    """

    style: str
    seed: int
    hair: str
    skin: str
    glasses: bool | str | None
    smile: bool | None
    beard: bool | None
    freckles: bool | None
    earrings: bool | None
    hair_accessories: bool | None
    lines: bool | None
    expression: str | None


NAMES = tuple(item.name for item in fields(FaceAttributes) if item.name not in ("style", "seed"))


def face_attributes(style: str, seed: int, **named: Any) -> FaceAttributes:
    """Return the attributes of a face; `named` ones are given, the others come of the seed or are off.

    hair, skin, glasses, smile and expression come of the seed where they are not named. Beard, freckles, earrings, hair
    accessories and lines are off unless named; the value "any" draws them by the seed.
    Raises DataError for an unknown style, attribute or value, listing what there is.
    """
    shape = _style(style)
    if seed < 0:
        raise DataError(f"A face's seed must be 0 or more, got {seed}.")
    available = attribute_names(style)
    for name in named:
        if name not in available:
            raise DataError(
                f"{style} faces have no attribute {one_line(repr(name), 40)}; they have: {', '.join(available)}."
            )
    # The order of these draws is part of the format: it decides which face a seed gives.
    rng = random.Random(seed)
    drawn: Options = {
        "hair": rng.choice(list(HAIR)),
        "skin": rng.choice(list(SKIN)),
        "glasses": rng.random() < 1 / 3,
        "smile": rng.random() < 0.5,
    }
    drawn |= {name: rng.random() < 1 / 3 for name in COMPONENTS}
    drawn |= {"lines": rng.random() < 0.5, "expression": rng.choice(shape.expressions or ("",))}
    values: Options = dict.fromkeys(NAMES)
    for name in available:
        value = named.get(name, False if name in OFF_UNLESS_NAMED else ANY)
        values[name] = drawn[name] if value == ANY else _checked(style, name, value)
    if shape.expressions:
        _match_expression(shape, values, named, rng)
    if (
        values["beard"]
        and values["freckles"]
        and shape.beard
        and shape.freckles
        and shape.beard[0] == shape.freckles[0]
    ):
        raise DataError(f"{style} faces have a beard or freckles, not both: name one of them.")
    return FaceAttributes(style, seed, **values)


def attribute_names(style: str) -> tuple[str, ...]:
    """Return the names of the attributes that a style has. Raises DataError for an unknown style."""
    shape = _style(style)
    has = {
        "hair": True, "skin": True, "glasses": shape.glasses, "smile": shape.happy, "beard": shape.beard,
        "freckles": shape.freckles, "earrings": shape.earrings, "hair_accessories": shape.hair_accessories,
        "lines": shape.lines, "expression": shape.expressions,
    }  # fmt: skip
    return tuple(name for name, there in has.items() if there)


def face(style: str, seed: int, size: int = 256, **named: Any) -> tuple[Image.Image, FaceAttributes]:
    """Draw one face over white.

    size: side in pixels. named: attributes as for `face_attributes`. Returns the picture, RGB, and the attributes.
    Raises DataError for values that there are not, a size out of range, and where DiceBear is not installed.
    """
    attributes = face_attributes(style, seed, **named)
    return _draw(attributes, size), attributes


def edit_mask(style: str, seed: int, size: int = 256, before: Mapping[str, Any] | None = None, **named: Any) -> Mask:
    """Return the pixels, (size, size) bool, that change when attributes change to the `named` ones.

    before: the attributes of the face before; by default the seed's own. Raises the errors of `face`.
    """
    start = dict(before or {})
    return _difference(face(style, seed, size, **start)[0], face(style, seed, size, **{**start, **named})[0])


def part_masks(style: str, seed: int, size: int = 256, **named: Any) -> dict[str, Mask]:
    """Return the pixels of each part of a face, (size, size) bool, by name; parts that it does not have are left out.

    Parts: eyes, eyebrows, nose, mouth, hair, glasses, skin, clothes. A part's pixels are those that change when it is
    taken away; those of the skin change with its colour. Raises the errors of `face`.
    """
    picture, attributes = face(style, seed, size, **named)
    masks = {}
    for part, components in _style(style).parts.items():
        mask = _difference(picture, _draw(attributes, size, without=components))
        if mask.any():
            masks[part] = mask
    other = next(name for name in SKIN if name != attributes.skin)
    masks["skin"] = _difference(picture, face(style, seed, size, **{**named, "skin": other})[0])
    return masks


def _checked(style: str, name: str, value: Any) -> Any:
    """Return a named value. Raises DataError for one that the attribute cannot have."""
    shape = _style(style)
    choices: tuple[str | bool, ...]
    if name in ("hair", "skin", "expression"):
        choices = {"hair": tuple(HAIR), "skin": tuple(SKIN), "expression": shape.expressions}[name]
    elif name == "glasses":
        choices = (True, False, *_glasses_shapes(style))
    else:
        choices = (True, False)
    # 1 == True, but is not meant here.
    if value not in choices or (isinstance(value, int) and not isinstance(value, bool)):
        words = {True: "yes", False: "no"}
        texts = ", ".join(choice if isinstance(choice, str) else words[choice] for choice in (*choices, ANY))
        raise DataError(f"{name} of {style} faces can be: {texts}; got {one_line(repr(value), 40)}.")
    return value


def _match_expression(shape: FaceStyle, values: Options, named: Mapping[str, Any], rng: random.Random) -> None:
    """Let the smile follow from the expression; a named smile without an expression draws a fitting expression."""
    wanted = named.get("smile", ANY)
    if wanted != ANY and named.get("expression", ANY) == ANY:
        values["expression"] = rng.choice(shape.happy if wanted else shape.sad)
    values["smile"] = values["expression"] in shape.happy
    if wanted not in (ANY, values["smile"]):
        raise DataError(f"The expression {values['expression']} is {'a' if values['smile'] else 'no'} smile.")


def _style(style: str) -> FaceStyle:
    if style not in STYLES:
        raise DataError(f"There is no style of faces {one_line(repr(style), 40)}; there are: {', '.join(STYLES)}.")
    return STYLES[style]


def _draw(attributes: FaceAttributes, size: int, without: tuple[str, ...] = ()) -> Image.Image:
    if not SMALLEST <= size <= LARGEST:
        raise DataError(f"A face's size must lie between {SMALLEST} and {LARGEST} px, got {size}.")
    dicebear, _, resvg = _libraries()
    options, art = _options(attributes), _art(attributes.style, bool(without))
    components = _definition(attributes.style)["components"]
    for component in without:
        variants = options.get(f"{component}Variant") or list(components[component]["variants"])
        options[f"{component}Variant"] = [name + EMPTY for name in variants]
    if without:
        # The style has more variants, of which the seed must not choose.
        for component, content in components.items():
            options.setdefault(f"{component}Variant", list(content["variants"]))
    svg = dicebear.Avatar(art, options).to_string()
    # Fonts are not needed, and reading those of the system takes most of the time.
    png = resvg.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    drawn = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    picture = Image.new("RGB", drawn.size, "white")
    picture.paste(drawn, mask=drawn.getchannel("A"))
    return picture


def _options(attributes: FaceAttributes) -> Options:
    """Return DiceBear's options for a face."""
    shape, definition = _style(attributes.style), _definition(attributes.style)
    components = definition["components"]
    hair_variants = [name for name in components[shape.hair]["variants"] if name not in shape.bare]
    options: Options = {"seed": str(attributes.seed), "backgroundColor": "#ffffff", **shape.options}
    if attributes.lines:
        options |= {f"{color}Color": "#ffffff" for color in definition["colors"] if color != "ink"}
    else:
        options |= {"hairColor": HAIR[attributes.hair], f"{shape.skin}Color": SKIN[attributes.skin]}
    options |= {f"{shape.hair}Variant": hair_variants, f"{shape.hair}Probability": 100}
    options |= {f"{component}Probability": 0 for component in shape.hidden}
    for name in COMPONENTS:
        place = getattr(shape, name)
        if place is not None:
            component, variant = place
            if getattr(attributes, name):
                options |= {f"{component}Probability": 100, f"{component}Variant": [variant]}
            else:
                options.setdefault(f"{component}Probability", 0)
    if attributes.expression:
        options["mouthVariant"] = [attributes.expression]
    elif shape.happy:
        options["mouthVariant"] = list(shape.happy if attributes.smile else shape.sad)
    if shape.glasses:
        options |= _glasses_options(shape, attributes.glasses)
    return options


def _glasses_options(shape: FaceStyle, glasses: bool | str | None) -> Options:
    assert shape.glasses is not None
    component, own = shape.glasses
    variant = glasses if isinstance(glasses, str) else own
    if shape.plain_eyes:
        return {f"{component}Variant": [variant] if glasses else list(shape.plain_eyes)}
    return {f"{component}Variant": [variant], f"{component}Probability": 100 if glasses else 0}


def _glasses_shapes(style: str) -> tuple[str, ...]:
    shape = _style(style)
    if shape.glasses is None:
        return ()
    variants = _definition(style)["components"][shape.glasses[0]]["variants"]
    return tuple(name for name in variants if name not in shape.plain_eyes)


def _difference(a: Image.Image, b: Image.Image) -> Mask:
    mask: Mask = (np.asarray(a) != np.asarray(b)).any(axis=2)
    return mask


def _libraries() -> tuple[Any, Any, Any]:
    """Return DiceBear, its styles and the rasteriser; imported only where a face is drawn."""
    try:
        import dicebear
        import dicebear_styles
        import resvg_py
    except ImportError as error:
        raise DataError(
            "Faces are drawn by DiceBear, which is not installed: pip install dicebear-core dicebear-styles resvg_py"
        ) from error
    return dicebear, dicebear_styles, resvg_py


@lru_cache(maxsize=len(STYLES))
def _definition(style: str) -> dict[str, Any]:
    _, styles, _ = _libraries()
    path = next(path for root in styles.__path__ for path in Path(root).rglob(f"{style}.json"))
    definition: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return definition


@lru_cache(maxsize=2 * len(STYLES))
def _art(style: str, with_empty: bool = False) -> Any:
    """Return DiceBear's style, whose check takes about a second.

    with_empty: each part's component gets a second variant NAME + EMPTY for each of its variants: without its own
    shapes, but with the components nested in it.
    """
    definition = _definition(style)
    if with_empty:
        definition = json.loads(json.dumps(definition))
        for component in {name for names in _style(style).parts.values() for name in names}:
            variants = definition["components"][component]["variants"]
            variants |= {
                name + EMPTY: {**variant, "elements": _only_components(variant["elements"])}
                for name, variant in variants.items()
            }
    return _libraries()[0].Style(definition)


def _only_components(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the elements without their shapes: components and the groups around them."""
    kept = []
    for element in elements:
        if element["type"] == "component":
            kept.append(element)
        elif children := _only_components(element.get("children", [])):
            kept.append({**element, "children": children})
    return kept
