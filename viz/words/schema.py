"""The texts a language must have. Braces are filled in with `str.format`; a subscript is written `w_{{k}}` there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """Of a step of the lesson. title: short. lead: what it is about, in a few plain sentences, symbols in brackets."""

    title: str
    lead: str


@dataclass(frozen=True)
class Lesson:
    """What is said around the steps."""

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


@dataclass(frozen=True)
class Question:
    heading: Heading
    verdict: str
    looked: str
    formula: str


@dataclass(frozen=True)
class Words:
    """code: of the language, ISO 639-1. name: what its speakers call it."""

    code: str
    name: str
    lesson: Lesson
    question: Question
