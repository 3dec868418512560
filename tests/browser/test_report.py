"""The report of `evaluate`, opened from its file in a browser without a network, on wide screens and phones."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import new_page
from tests.tiny import pictures
from ugatit.evaluation.pictures import Pictures
from ugatit.evaluation.report import Report, evenly_chosen, write_report
from ugatit.evaluation.scores import Score
from ugatit.evaluation.table import table_rows

COUNT = 30
SCORES = {"kid_mean_of_both_sides": Score(4.2594, 0.3886, COUNT), "psnr_db": Score(22.16, 0.21, COUNT)}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    names = ("a-very-long-name-without-any-place-to-break-it-" * 3, *map(str, range(1, COUNT)))
    inputs = Pictures(names, pictures(COUNT, 64), ())
    gallery = evenly_chosen(inputs, -inputs.images, inputs, [(index, index) for index in range(COUNT)])
    facts = {"inputs": "a/folder/" * 20, "targets": "faces:lorelei,glasses=yes"}
    path = tmp_path / "report.html"
    command = "python -m ugatit evaluate --weights " + "x" * 200
    write_report(path, Report("tiny: translations to square", facts, table_rows(SCORES), ["±: …"], command), gallery)
    return path


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_report_opens_without_a_network(browser: Browser, report: Path, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "java_script_enabled": False}
    with new_page(browser, offline=True, **options) as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(report.as_uri())
        assert "24 of 30 inputs, evenly chosen" in page.locator("main").inner_text()
        images = page.locator("img")
        assert images.count() == 3 * 24
        for number in (0, 71):
            images.nth(number).scroll_into_view_if_needed()
            assert images.nth(number).bounding_box()["width"] > 60
        assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
        assert page.locator("tbody tr").count() == len(SCORES)
        light = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
        assert light == (scheme == "light")
        # Nothing sticks out: the page never scrolls sideways.
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth === 64)")
