"""The README's picture of the page, taken of the page itself.

    python examples/screenshot.py [--output examples/page.png] [--dark] [--width 1280] [--full] [--weights NAME]
    python examples/screenshot.py --output learn.png --learn [--step encoder] [--lang ko]
    python examples/screenshot.py --output train.png --train [--runs FOLDER] [--run NAME] [--scenes]

The second takes the Learn tab, the third the Train tab as it stands with the runs of a folder.
Needs a Chromium: the environment's CHROMIUM, or one on the PATH.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path
from socket import socket

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from viz.tabs.serve import prepare_environment

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HEIGHT = 960
PATIENCE = 120_000  # milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "page.png")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--full", action="store_true", help="the whole page, also what lies below the fold")
    parser.add_argument("--weights", help="what is chosen at the start")
    parser.add_argument("--lang", default="en", help="the language of the page")
    parser.add_argument("--learn", action="store_true", help="the Learn tab")
    parser.add_argument("--step", help="one of its steps")
    parser.add_argument("--train", action="store_true", help="the Train tab")
    parser.add_argument("--runs", type=Path, help="the folder of the runs it shows")
    parser.add_argument("--run", help="which of them, else the newest")
    parser.add_argument("--scenes", action="store_true", help="with drawn scenes put in")
    options = parser.parse_args()
    found = filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)])
    browser_path = next(found, None) or parser.exit(2, "No Chromium is here: name one by the environment's CHROMIUM.\n")

    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    prepare_environment()
    from viz.tabs.demo import create_demo, launch  # Gradio reads the environment when it is imported

    demo = create_demo(options.weights, runs=options.runs)
    address = launch(demo, "127.0.0.1", port, wait=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        theme = "dark" if options.dark else "light"
        size = {"width": options.width, "height": HEIGHT}
        page = browser.new_page(viewport=size, color_scheme=theme, locale=options.lang)
        page.goto(f"{address}?__theme={theme}")
        if options.train:
            show_training(page, options.run, options.scenes)
        elif options.learn:
            show_lesson(page)
        else:
            page.locator("#map-global img").wait_for(timeout=PATIENCE)
            # Pictures below the fold are decoded when they come into view.
            page.locator("#map-global img").scroll_into_view_if_needed()
        page.wait_for_timeout(1500)
        page.evaluate("scrollTo(0, 0)")
        if options.step:
            page.locator(f"#step-{options.step}").evaluate("step => step.scrollIntoView()")
            page.wait_for_timeout(500)
        page.screenshot(path=options.output, full_page=options.full or options.width < 600)
        browser.close()
    demo.close()


def show_lesson(page: Page) -> None:
    """Bring the Learn tab to the front, with all its steps."""
    page.locator("#tab-learn-button").click()
    page.locator(".step").last.locator(".stage .view").wait_for(timeout=PATIENCE)


def show_training(page: Page, run: str | None, scenes: bool) -> None:
    """Bring the Train tab to the front, with a run, and with pictures for the next one."""
    page.locator("#tab-train-button").click()
    page.locator("#progress").wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2500)
    if run:
        page.locator("#run input").click()
        page.get_by_role("option", name=run).first.click()
        page.wait_for_timeout(2500)
    if scenes:
        page.locator("#try-scenes").click()
        page.locator("#strip-b img").first.wait_for(timeout=PATIENCE)


if __name__ == "__main__":
    main()
