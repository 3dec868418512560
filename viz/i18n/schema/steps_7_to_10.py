"""Texts of the lesson's steps 7 to 10: critics, the way back, training, and tests of a map."""

from dataclasses import dataclass

from viz.i18n.schema.heading import Heading


@dataclass(frozen=True)
class Critics:
    """Texts of step 7.

    looks_translated, undecided, looks_real: a score in words. nearer_translated, nearer_real: the ends of the colors.
    """

    heading: Heading
    critic: str
    no_attention: str
    across: str
    down: str
    real: str
    real_alt: str
    translation_alt: str
    on_real: str
    on_translation: str
    attention: str
    attention_alt: str
    patches: str
    patches_alt: str
    patch: str
    large_patch: str
    in_frame: str
    in_frame_alone: str
    looks_translated: str
    undecided: str
    looks_real: str
    apart: str
    together: str
    reversed: str
    no_reference: str
    formula_patch: str
    formula_loss: str
    nearer_translated: str
    nearer_real: str
    scores: str
    score: str
    cam_gap: str
    cam_gmp: str
    patch_mean: str
    patch_in_frame: str


@dataclass(frozen=True)
class Cycle:
    """Texts of step 8. places: nine, the thirds of a picture from left to right, row by row."""

    heading: Heading
    returned: str
    returned_alt: str
    difference: str
    difference_alt: str
    difference_made: str
    equal: str
    different: str
    attention_there: str
    attention_back: str
    attention_back_alt: str
    lost: str
    kept: str
    farther: str
    most_lost: str
    places: tuple[str, ...]
    back_verdict: str
    formula: str


@dataclass(frozen=True)
class Growth:
    """Texts of step 9: how the attention map changed during training."""

    heading: Heading
    moment: str
    sample: str
    none: str
    at_step: str
    verdict: str
    likeness: str
    newest: str
    fixed: str
    attention_made: str
    strip: str
    strip_alt: str
    verdicts: str
    verdicts_y: str
    likenesses: str
    likenesses_y: str
    step: str
    this_picture: str
    all_pictures: str
    chosen: str
    chosen_says: str
    unknown: str


@dataclass(frozen=True)
class Faithfulness:
    """Texts of step 10: deletion and insertion tests of the maps."""

    heading: Heading
    start: str
    progress: str
    least_deletion: str
    most_insertion: str
    beats_chance: str
    beats_in_part: str
    no_better: str
    caveat: str
    deletion: str
    insertion: str
    deleted: str
    inserted: str
    logit: str
    area: str
    pointing: str
    map: str
    hits: str
    iou: str
    measured: str
    figure: str
    value: str
    on_object: str
    times: str
    mirror: str
    of: str
