"""Texts of the lesson's steps 5 and 6: changes to the attention and to AdaLIN."""

from dataclasses import dataclass

from viz.i18n.schema.heading import Heading


@dataclass(frozen=True)
class Elsewhere:
    """Texts of step 5: attention painted by the reader."""

    heading: Heading
    painted: str
    painted_alt: str
    start: str
    changed: str
    changed_all: str
    spreads: str
    formula: str


@dataclass(frozen=True)
class Brush:
    """Texts of the brush in step 5.

    untouched, harder, away: the state of a cell. only_there, not_there: buttons that paint by the attention map.
    """

    label: str
    board: str
    hint: str
    mode: str
    harder: str
    away: str
    erase: str
    untouched: str
    size: str
    sizes: tuple[str, str, str]
    only_there: str
    not_there: str
    clear: str
    cell: str
    count: str


@dataclass(frozen=True)
class Occlusion:
    """Texts of step 5b.

    strongly, somewhat, hardly, not_at_all, contrary: how far two maps agree, as the end of a sentence.
    reverse, same: the ends of that scale.
    """

    heading: Heading
    size: str
    share: str
    covered: str
    covered_alt: str
    start: str
    fall: str
    fall_alt: str
    square: str
    progress: str
    fell: str
    never_fell: str
    rises: str
    falls: str
    agrees: str
    correlation: str
    flat: str
    strongly: str
    somewhat: str
    hardly: str
    not_at_all: str
    contrary: str
    why: str
    agreement: str
    reverse: str
    same: str


@dataclass(frozen=True)
class Adalin:
    """Texts of step 6. shape, texture: the ends of rho. block, upsampling: a layer's name."""

    heading: Heading
    pull: str
    pull_info: str
    layer: str
    all_layers: str
    other: str
    own: str
    block: str
    upsampling: str
    start: str
    pulled: str
    borrowed: str
    formulas: tuple[str, str]
    bars: str
    layer_norm: str
    instance_norm: str
    note: str
    other_panel: str
    other_alt: str
