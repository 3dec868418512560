"""Texts of the lesson's step 11: two models trained alike, with CAM attention and without it."""

from dataclasses import dataclass

from viz.i18n.schema.heading import Heading


@dataclass(frozen=True)
class WithoutCam:
    """Texts of step 11. head: the columns of its tables."""

    heading: Heading
    none: str
    with_cam: str
    without_cam: str
    with_alt: str
    without_alt: str
    answer: str
    answer_alt: str
    attention: str
    attention_alt: str
    changed_with: str
    changed_without: str
    changed_with_alt: str
    changed_without_alt: str
    changed_made: str
    closer_with: str
    closer_without: str
    copying: str
    nobody_knows: str
    here: str
    held_out: str
    head: tuple[str, str, str, str]
    psnr: str
    inside: str
    outside: str
    better: str
