"""Every language has the same texts with the same fields, and the browser's language is recognized."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from string import Formatter
from typing import Any

import pytest

from viz.i18n import LANGUAGES, preferred, words_in
from viz.i18n.english import ENGLISH
from viz.i18n.schema import Words


def texts(words: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its path."""
    if isinstance(words, str):
        yield path, words
    elif is_dataclass(words):
        for field in fields(words):
            yield from texts(getattr(words, field.name), f"{path}.{field.name}".lstrip("."))
    elif isinstance(words, tuple | list | dict):
        for key, value in words.items() if isinstance(words, dict) else enumerate(words):
            yield from texts(value, f"{path}[{key}]")
    else:
        raise AssertionError(f"{path} holds a {type(words).__name__}, which no test reads")


def fields_of(text: str) -> set[str]:
    """The fields that `str.format` fills in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_all_texts_with_the_fields_of_english(words: Words) -> None:
    own, english = dict(texts(words)), dict(texts(ENGLISH))
    assert own.keys() == english.keys()
    for path, text in own.items():
        assert bool(text.strip()) == bool(english[path].strip()), path
        assert fields_of(text) == fields_of(english[path]), path


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_no_sentence_is_left_in_english(words: Words) -> None:
    english = dict(texts(ENGLISH))
    for path, text in texts(words):
        sentence = re.findall(r"[a-z]{3,}", re.sub(r"{[^{}]*}", "", text))
        assert words is ENGLISH or text != english[path] or len(sentence) < 3, path


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr-FR, ko;q=0.3, en;q=0.2", "ko"),
        ("ko;q=0, en;q=0.1", "en"),
        ("de", "en"),
        ("", "en"),
        ("*;q=x,;;", "en"),
        ("KO", "ko"),
    ],
)
def test_the_language_a_browser_prefers_is_recognized(accepted: str, expected: str) -> None:
    assert preferred(accepted) == expected


def test_unknown_languages_are_answered_in_english() -> None:
    assert words_in("xx") is ENGLISH


def test_korean_is_formal_and_uses_the_terms_of_the_field() -> None:
    for path, text in texts(LANGUAGES["ko"]):
        assert not re.search(r"(?<!아니)[요죠]([.?!]|$)", text), f"{path} is not in 합니다체: {text}"
        assert not re.search(r"생성기|판별기|변환기|조각|표본", text), f"{path} uses another word: {text}"
