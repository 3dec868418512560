"""The live page and a real Chromium; a page on which a script fails fails its test."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live import LivePage, served

Visit = Callable[..., Page]
PATIENCE = 30_000  # milliseconds: a page shares its cores with other tests
expect.set_options(timeout=PATIENCE)


def settle(page: Page) -> None:
    """Wait for the first frames of what a tab or an accordion brought along.

    It gets its initial values once more, a frame after it is drawn: on a slow machine later than a program types.
    """
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
    )


def unfold(page: Page, element: str) -> None:
    page.locator(f"#{element} button").first.click()
    page.locator(f"#{element} input").first.wait_for()
    settle(page)


def glance(page: Page, element: str) -> None:
    """Open a list and leave it as it is."""
    page.locator(f"#{element} input").click()
    page.get_by_role("option").first.wait_for()
    page.locator("h1").first.click()


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("served")) as page:
        yield page


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, live: LivePage) -> Iterator[Visit]:
    """Open the page in a browser of its own; without an `address` of a place on it, wait for the result it opens
    with."""
    contexts, errors, strangers = [], [], []

    def notice(address: str) -> None:
        if not address.startswith((live.address.rstrip("/"), "data:", "blob:")):
            strangers.append(address)

    def open_page(address: str = "", **options: object) -> Page:
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: notice(request.url))
        page.goto(live.address + address)
        if not address:
            page.wait_for_selector("#map-global img")
            page.wait_for_selector("#measured p")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
    assert strangers == []
