"""Styles of drawn faces: their artists and licences, and which components draw which attribute.

The art is that of DiceBear's style definitions; nothing of it is stored here. Only styles under CC0 or CC BY 4.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

HAIR = {"black": "#2c222b", "brown": "#7b4a2d", "blond": "#e8c46a", "red": "#c2452d", "grey": "#b9b9bd"}
"""Hair colours by name, the same in all styles."""
SKIN = {"light": "#f5d0b0", "tan": "#d9a066", "brown": "#a0653a", "dark": "#6a3d1f"}
"""Skin colours by name, the same in all styles."""

CC0, CC_BY = "CC0-1.0", "CC-BY-4.0"


@dataclass(frozen=True)
class FaceStyle:
    """One style. Names of components and variants are those of DiceBear's definition.

    artist, source, licence: of the art; the licence as an SPDX identifier.
    hair: the component with the hair. bare: its variants without hair, or with a hat, which are never drawn.
    skin: the colour of the skin. glasses, beard, freckles, earrings, hair_accessories: component and variant of the one
    shape they have; None where the style has none. plain_eyes: the variants of the eyes without glasses, in a style
    whose glasses are a variant of its eyes.
    happy, sad: variants of the mouth; empty where they have no such names. expressions: all variants of a mouth that
    names expressions. hidden: components that are never drawn, such as hats. lines: whether faces can be drawn as
    lines. options: of the whole picture. parts: the components of each part.
    """

    artist: str
    source: str
    licence: str
    hair: str = "hair"
    bare: frozenset[str] = frozenset()
    skin: str = "skin"
    glasses: tuple[str, str] | None = None
    plain_eyes: tuple[str, ...] = ()
    beard: tuple[str, str] | None = None
    freckles: tuple[str, str] | None = None
    earrings: tuple[str, str] | None = None
    hair_accessories: tuple[str, str] | None = None
    happy: tuple[str, ...] = ()
    sad: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    lines: bool = False
    options: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _numbered(name: str, last: int) -> tuple[str, ...]:
    return tuple(f"{name}{number:02d}" for number in range(1, last + 1))


STYLES: Mapping[str, FaceStyle] = {
    "lorelei": FaceStyle(
        "Lisa Wischofsky", "https://www.figma.com/community/file/1198749693280469639", CC0,
        bare=frozenset({"variant25", "variant28", "variant34"}),
        glasses=("glasses", "variant01"), beard=("beard", "variant01"), freckles=("freckles", "variant01"),
        earrings=("earrings", "variant01"), hair_accessories=("hairAccessories", "flowers"),
        happy=_numbered("happy", 18), sad=_numbered("sad", 9),
        parts={
            "eyes": ("eyes",), "eyebrows": ("eyebrows",), "nose": ("nose",), "mouth": ("mouth",), "hair": ("hair",),
            "glasses": ("glasses",),
        },
    ),
    "voxel-art": FaceStyle(
        "DiceBear", "https://www.dicebear.com", CC0,
        hair="top", bare=frozenset({"cap", "beanie", "animalEars", "bunnyEars"}),
        glasses=("glasses", "round"), beard=("beard", "full"), freckles=("cheeks", "freckles"),
        happy=("smile", "bigSmile", "smirk", "laugh", "wideSmile", "grin"), sad=("frown",),
        options={"scale": 1.55, "translateY": 18},
        parts={
            "eyes": ("eyes",), "eyebrows": ("eyebrows",), "nose": ("nose",), "mouth": ("mouth",), "hair": ("top",),
            "glasses": ("glasses",), "clothes": ("outfit",),
        },
    ),
    "pixel-art": FaceStyle(
        "DiceBear", "https://www.figma.com/community/file/1198754108850888330", CC0,
        glasses=("glasses", "light01"), beard=("beard", "variant01"),
        happy=_numbered("happy", 13), sad=_numbered("sad", 10), hidden=("hat", "accessories"),
        parts={
            "eyes": ("eyes",), "mouth": ("mouth",), "hair": ("hair",), "glasses": ("glasses",),
            "clothes": ("clothes",),
        },
    ),
    "big-ears": FaceStyle(
        "The Visual Team", "https://www.figma.com/community/file/986078800058673824", CC_BY,
        hidden=("details",),
        parts={
            "eyes": ("eyes",), "nose": ("nose",), "mouth": ("mouth",), "hair": ("hair", "frontHair", "sideburns"),
        },
    ),
    "adventurer": FaceStyle(
        "Lisa Wischofsky", "https://www.figma.com/community/file/1184595184137881796", CC_BY,
        # Without hair, and with flowers in it.
        bare=frozenset({"short13", "short19", "long03", "long08", "long18"}),
        # variant01 are sunglasses, which hide the eyes.
        glasses=("glasses", "variant04"), beard=("details", "mustache"), freckles=("details", "freckles"),
        earrings=("earrings", "variant01"), lines=True,
        parts={
            "eyes": ("eyes",), "eyebrows": ("eyebrows",), "mouth": ("mouth",), "hair": ("hair",),
            "glasses": ("glasses",),
        },
    ),
    "micah": FaceStyle(
        "Micah Lanier", "https://www.figma.com/community/file/829741575478342595", CC_BY,
        bare=frozenset({"mrClean", "turban", "dougFunny"}), skin="base",
        glasses=("glasses", "round"), beard=("facialHair", "beard"), earrings=("earrings", "hoop"),
        happy=("laughing", "smile", "smirk"), sad=("frown", "sad"),
        expressions=("frown", "laughing", "nervous", "pucker", "sad", "smile", "smirk", "surprised"),
        parts={
            "eyes": ("eyes",), "eyebrows": ("eyebrows",), "nose": ("nose",), "mouth": ("mouth",), "hair": ("hair",),
            "glasses": ("glasses",), "clothes": ("clothes",),
        },
    ),
    "toon-head": FaceStyle(
        "Johan Melin", "https://www.figma.com/community/file/1589627891082866389", CC_BY,
        beard=("beard", "fullBeard"), happy=("laugh", "smile"), sad=("angry", "sad"),
        parts={
            "eyes": ("eyes",), "eyebrows": ("eyebrows",), "mouth": ("mouth",), "hair": ("hair", "rearHair"),
            "clothes": ("clothes",),
        },
    ),
    "personas": FaceStyle(
        "Draftbit - draftbit.com", "https://personas.draftbit.com/", CC_BY,
        bare=frozenset({"bald", "balding", "beanie", "buzzcut", "cap"}),
        glasses=("eyes", "glasses"), plain_eyes=("happy", "open", "sleep"), beard=("facialHair", "beardMustache"),
        happy=("bigSmile", "smile", "smirk"), sad=("frown",),
        parts={
            "eyes": ("eyes",), "nose": ("nose",), "mouth": ("mouth",), "hair": ("hair",), "clothes": ("clothes",),
        },
    ),
}  # fmt: skip
"""The styles by name."""
