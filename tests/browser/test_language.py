"""The Translate and Train tabs in Korean: a Korean browser, and the switch, which keeps all settings."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, open_accordion, wait_for_frames
from tests.tiny import picture_folder
from viz.i18n.korean import KOREAN


def switch_to(page: Page, language: str) -> None:
    page.locator("#language").get_by_label(language).check()


def test_a_korean_browser_gets_the_translate_tab_in_korean(visit: Visit) -> None:
    page = visit(locale="ko-KR")
    expect(page.locator("#translate")).to_have_text("변환하기")
    expect(page.locator("#tab-draw-button")).to_have_text("그리기")
    expect(page.locator("#target-domain")).to_contain_text("angular(으)로")
    expect(page.locator("#text-generator")).to_contain_text("칸")
    expect(page.locator("#measured")).to_contain_text("cpu에서")
    expect(page.locator("#output-image img")).to_have_attribute("alt", re.compile("변환한 disc-11"))


def test_the_switch_translates_the_translate_tab_and_keeps_its_settings(visit: Visit) -> None:
    page = visit()
    page.locator("#target-domain").get_by_label("to round").check()
    page.locator("#opacity input[type=number]").fill("0.9")
    switch_to(page, "한국어")
    expect(page.locator("#text-global")).to_contain_text("칸")
    expect(page.locator("#target-domain").get_by_label("round(으)로")).to_be_checked()
    expect(page.locator("#opacity input[type=number]")).to_have_value("0.9")
    expect(page.locator("#scale")).to_contain_text("가장 낮음")
    switch_to(page, "English")
    expect(page.locator("#text-global")).to_contain_text("cells")
    expect(page.locator("#translate")).to_have_text("Translate")


def test_a_korean_browser_gets_the_train_tab_in_korean(visit: Visit) -> None:
    texts = KOREAN.train
    page = visit(locale="ko-KR")
    page.locator("#tab-train-button").click()
    expect(page.locator("#start")).to_have_text(texts.start)
    expect(page.locator("#start-from input")).to_have_value(texts.nothing)
    expect(page.get_by_label(texts.source).first).to_have_attribute(
        "placeholder", texts.source_hint.format(hub="hub:owner/name")
    )
    expect(page.locator("#about-preset")).to_have_text(texts.presets["quick"])
    expect(page.locator("#progress")).to_contain_text(texts.no_run)
    expect(page.locator("#preview")).to_contain_text(texts.no_samples)
    expect(page.locator("#rho")).to_contain_text(texts.no_rho)
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text(texts.needs_both)


def test_the_switch_translates_the_train_tab_and_keeps_its_settings(visit: Visit, tmp_path: Path) -> None:
    texts = KOREAN.train
    page = visit()
    page.locator("#tab-train-button").click()
    wait_for_frames(page)
    files = sorted(picture_folder(tmp_path / "mine", count=3).iterdir())
    page.locator("#domain-a input[type=file]").set_input_files([str(file) for file in files])
    expect(page.locator("#strip-a")).to_contain_text("3 pictures to learn from")
    page.locator("#name-a input, #name-a textarea").fill("mine")
    page.locator("#preset input").click()
    page.get_by_role("option", name="light").click()
    expect(page.locator("#steps input")).to_have_value("100000")
    page.locator("#steps input").fill("70")
    open_accordion(page, "more")
    page.locator("#fit").get_by_label("pad").check()
    switch_to(page, "한국어")
    expect(page.locator("#strip-a")).to_contain_text(texts.learned[1].format(count=3))
    expect(page.locator("#strip-a img")).to_have_count(3)
    expect(page.locator("#domain-a")).to_contain_text(files[0].stem)
    expect(page.locator("#name-a input, #name-a textarea")).to_have_value("mine")
    expect(page.locator("#about-preset")).to_have_text(texts.presets["light"])
    expect(page.locator("#preset input")).to_have_value("light")
    expect(page.locator("#steps input")).to_have_value("70")
    expect(page.locator("#fit").get_by_label(texts.fits["pad"])).to_be_checked()
    expect(page.locator("#start-from input")).to_have_value(texts.nothing)
    expect(page.locator("#map-scale input")).to_have_value(texts.scales["newest"])
    switch_to(page, "English")
    expect(page.locator("#strip-a")).to_contain_text("3 pictures to learn from")
    expect(page.locator("#start-from input")).to_have_value("nothing: random weights")
    expect(page.locator("#start")).to_have_text("Start")
