"""The Translate tab in another language: said at once, kept in step, and nothing lost by the change."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_korean_browser_finds_the_translate_tab_in_korean(visit: Visit) -> None:
    page = visit(locale="ko-KR")
    expect(page.locator("#translate")).to_have_text("변환하기")
    expect(page.locator("#tab-draw-button")).to_have_text("그리기")
    expect(page.locator("#target-domain")).to_contain_text("angular(으)로")
    expect(page.locator("#text-generator")).to_contain_text("칸")
    expect(page.locator("#measured")).to_contain_text("cpu에서")
    expect(page.locator("#output-image img")).to_have_attribute("alt", re.compile("변환한 disc-11"))


def test_the_switch_says_the_translate_tab_anew_and_keeps_what_was_set(visit: Visit) -> None:
    page = visit()
    page.locator("#target-domain").get_by_label("to round").check()
    page.locator("#opacity input[type=number]").fill("0.9")
    page.locator("#language").get_by_label("한국어").check()
    expect(page.locator("#text-global")).to_contain_text("칸")
    expect(page.locator("#target-domain").get_by_label("round(으)로")).to_be_checked()
    expect(page.locator("#opacity input[type=number]")).to_have_value("0.9")
    expect(page.locator("#scale")).to_contain_text("가장 낮음")
    page.locator("#language").get_by_label("English").check()
    expect(page.locator("#text-global")).to_contain_text("cells")
    expect(page.locator("#translate")).to_have_text("Translate")
