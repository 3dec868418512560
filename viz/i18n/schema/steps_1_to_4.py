"""Texts of the lesson's steps 1 to 4: from the classifier's question to the attention map."""

from dataclasses import dataclass

from viz.i18n.schema.heading import Heading


@dataclass(frozen=True)
class Question:
    """Texts of step 1: what the generator's classifier decides."""

    heading: Heading
    verdict: str
    scale: str
    looked: str
    formula: str


@dataclass(frozen=True)
class Encoder:
    """Texts of step 2. pooled_by: the names of the classifier's two poolings, average and maximum."""

    heading: Heading
    pooling: str
    pooled_by: tuple[str, str]
    shown: str
    strongest: str
    off: str
    off_info: str
    option: str
    tiles: tuple[str, str]
    notes: tuple[str, str]
    label: str
    stack: str
    rest: str
    rest_of_formula: str
    total: str
    formulas: tuple[str, str]
    untouched: str
    moved: str
    other: str
    verdict: str


@dataclass(frozen=True)
class Pooling:
    """Texts of step 3.

    choices: what the attention weighs channels by: both poolings, the average alone, the maximum alone, nothing.
    """

    heading: Heading
    attend: str
    choices: tuple[str, str, str, str]
    gap_map: str
    gmp_map: str
    peaks: str
    gap_alt: str
    gmp_alt: str
    peaks_alt: str
    peaks_made: str
    formulas: tuple[str, str]
    peaked: str
    peaked_on_object: str
    untouched: str
    changed: str
    stay: str
    reach: str
    figures: str
    figures_head: tuple[str, str, str]
    pooled_between: str
    between: str
    weights: str
    in_favour: str
    against: str
    logit: str
    alone: str
    share: str


@dataclass(frozen=True)
class Evidence:
    """Texts of step 4: the evidence map beside the attention map."""

    heading: Heading
    pooling: str
    pooled_by: tuple[str, str]
    map: str
    map_alt: str
    attended: str
    attended_alt: str
    attended_made: str
    formulas: tuple[str, str, str]
    canceled: str
    not_canceled: str
    blind: str
    mixed: str
    agreement: str
    rank: str
    pointing: str
    pointing_head: tuple[str, str, str]
    of_maps: tuple[str, str, str]
    hit: str
    missed: str
    both_hit: str
    attention_only: str
    evidence_only: str
    neither_hit: str
