"""A served page and a real Chromium. A page on which a script fails makes its test fail."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live import LivePage, served

Visit = Callable[..., Page]
TIMEOUT = 30_000  # milliseconds: a page shares its cores with other tests
expect.set_options(timeout=TIMEOUT)


def wait_for_frames(page: Page) -> None:
    """Wait for the first frames of what a tab or an accordion shows.

    Its components get their initial values once more, a frame after they are drawn; on a slow machine that is later
    than a program types.
    """
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
    )


def open_accordion(page: Page, element: str) -> None:
    page.locator(f"#{element} button").first.click()
    page.locator(f"#{element} input").first.wait_for()
    wait_for_frames(page)


def open_and_leave_list(page: Page, element: str) -> None:
    """Open a dropdown and leave its value unchanged."""
    page.locator(f"#{element} input").click()
    page.get_by_role("option").first.wait_for()
    page.locator("h1").first.click()


@contextmanager
def new_page(browser: Browser, timeout: int = TIMEOUT, **options: object) -> Iterator[Page]:
    """A page in a browser context of its own; at the end no script on it may have failed."""
    context, errors = browser.new_context(**options), []
    page = context.new_page()
    page.set_default_timeout(timeout)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert errors == []


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("served")) as page:
        yield page


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, live: LivePage) -> Iterator[Visit]:
    """Open the page in a new browser context; it may load nothing from elsewhere.

    Without an `address` of a place on the page, wait for the result that the page opens with.
    """
    outside_requests: list[str] = []

    def note_request(address: str) -> None:
        if not address.startswith((live.address.rstrip("/"), "data:", "blob:")):
            outside_requests.append(address)

    with ExitStack() as stack:

        def open_page(address: str = "", **options: object) -> Page:
            page = stack.enter_context(new_page(browser, **options))
            page.on("request", lambda request: note_request(request.url))
            page.goto(live.address + address)
            if not address:
                page.wait_for_selector("#map-global img")
                page.wait_for_selector("#measured p")
            return page

        yield open_page
    assert outside_requests == []
