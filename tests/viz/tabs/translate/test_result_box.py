"""The values of the result's components: which maps are shown, under which labels, with which texts."""

from dataclasses import replace
from typing import Any

import pytest

from ugatit.inference.translation import Translation
from viz.display import DisplayedTranslation, DisplayOptions
from viz.i18n import LANGUAGES
from viz.i18n.english import ENGLISH
from viz.i18n.schema import Words
from viz.tabs.translate.result_box import map_values, result_values

OPTIONS = DisplayOptions()
NAMES = ("generator", "local", "global", "patch")


def maps_and_texts(translation: Translation, words: Words = ENGLISH) -> tuple[dict[str, Any], dict[str, str]]:
    *values, _ = map_values(DisplayedTranslation(translation, "one"), OPTIONS, words)
    return dict(zip(NAMES, values[:4], strict=True)), dict(zip(NAMES, values[4:], strict=True))


def test_only_the_maps_of_the_result_are_visible(translation: Translation, scored: Translation) -> None:
    for result in (translation, scored, replace(translation, attention={})):
        maps, texts = maps_and_texts(result)
        assert {name for name in NAMES if maps[name].visible} == set(result.attention)
        assert all(maps[name].value is None for name in NAMES if name not in result.attention)
        assert all(texts[name] for name in result.attention)


def test_attention_maps_keep_their_networks_labels(translation: Translation) -> None:
    maps, texts = maps_and_texts(translation)
    assert {name: maps[name].label for name in NAMES} == ENGLISH.attention_maps.titles
    assert texts["patch"] == ""
    assert "no attention" not in "".join(texts.values())


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_patch_scores_are_labelled_as_such_with_a_sentence(words: Words, scored: Translation) -> None:
    maps, texts = maps_and_texts(scored, words)
    names = words.attention_maps
    assert maps["patch"].label == names.scores_title.format(title=names.titles["patch"])
    assert texts["patch"].startswith(f"{names.without_attention} {names.patches_only}")
    assert texts["generator"] == ""


def test_critic_without_attention_does_not_deny_that_of_the_generator(
    translation: Translation, scored: Translation
) -> None:
    mixed = replace(translation, attention={**scored.attention, "generator": translation.attention["generator"]})
    _, texts = maps_and_texts(mixed)
    assert texts["patch"].startswith(ENGLISH.attention_maps.patches_only)


def test_model_without_any_map_says_so(translation: Translation) -> None:
    _, texts = maps_and_texts(replace(translation, attention={}))
    assert texts == {"generator": ENGLISH.attention_maps.no_attention, "local": "", "global": "", "patch": ""}


def test_unknown_source_domain_is_left_out_of_all_texts(translation: Translation) -> None:
    unknown = replace(translation, origin=None)
    values = result_values(DisplayedTranslation(unknown, "one"), OPTIONS, ENGLISH)
    assert "None" not in "".join(value for value in values if isinstance(value, str))
    assert values[0].alt_text == "one, translated to clay"
    assert "None" not in "".join(maps_and_texts(unknown)[1].values())
