"""Texts of the Translate tab."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Translate:
    """Texts of the Translate tab. looked: what a network's map shows, by network, Markdown."""

    picture: str
    draw: str
    several: str
    picture_alt: str
    pad: str
    pictures: str
    start: str
    target: str
    direction: str
    with_attribute: str
    without_attribute: str
    weights: str
    steps: str
    add_weights: str
    weights_file: str
    hub_id: str
    add: str
    add_note: str
    added: str
    examples: str
    translation: str
    no_translation: str
    translation_alt: str
    slider: str
    where: str
    map_alt: str
    no_map: str
    opacity: str
    colors: str
    scale: str
    scale_alt: str
    truth: str
    download: str
    numbers: str
    read: str
    correct: str
    gallery: str
    archive: str
    done: str
    looked: dict[str, str]
    measured: str
    far: str
    far_pictures: str
