"""Texts around the steps of the lesson, and those that several steps share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """Texts around the lesson's steps."""

    tab: str
    lead: str
    weights: str
    target: str
    picture: str
    own_picture: str
    language: str
    link: str
    png: str
    svg: str
    own_picture_in_link: str
    where: str
    where_known: str
    waiting: str
    no_attention: str
    cells: str
    lowest: str
    highest: str
    against: str
    in_favour: str
    input: str
    translation: str
    attention_map: str
    input_alt: str
    translation_alt: str
    attention_alt: str
    direction: str
    upload: str
    example_alt: str
    examples: str
    steps: str
    overview: str
    overview_lead: str
    features: str
    features_alt: str
    adalin: str
    adalin_alt: str
    critic: str
    critic_alt: str
    back: str
    back_alt: str
    overview_alt: str
    start: str
    stop: str
    copy: str
    copied: str
    figure_source: str
    own_name: str
    opening: str
    no_examples: str
    unknown_weights: str
    unknown_target: str
    unknown_picture: str
    unknown_step: str
    bad_settings: str


@dataclass(frozen=True)
class WhatIf:
    """Texts of every change to the generator: captions for before and after the change, and how far they differ."""

    attention_before: str
    attention_now: str
    translation_before: str
    translation_now: str
    attention_now_alt: str
    translation_now_alt: str
    levels: str
    outlined: str


@dataclass(frozen=True)
class MapNames:
    """Names of the generator's maps, and of a random order of pixels to compare them with."""

    attention: str
    gap_evidence: str
    gmp_evidence: str
    chance: str
