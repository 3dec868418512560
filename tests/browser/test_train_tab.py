"""The Train tab as a person uses it: from two sets of pictures to a picture translated with what was learned."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, Route, expect
from tests.viz.tabs.test_watch_box import Run

from tests.browser.conftest import Visit, glance, settle, unfold
from tests.live import LivePage, served
from ugatit.checkpoints.store import load_weights
from ugatit.data.scenes import scene
from viz.i18n.korean import KOREAN

STARTING = 90_000
"""Milliseconds for a process to start and learn its first steps, on a busy machine."""
ENDLESS = "100000"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """A page of its own: what is trained here is on offer to all its visitors."""
    with served(tmp_path_factory.mktemp("trained")) as page:
        yield page


def drawn(folder: Path, kind: str, count: int) -> list[Path]:
    folder.mkdir(parents=True)
    for seed in range(count):
        scene(kind, seed, 48)[0].crop((0, 0, 48, 40)).save(folder / f"{kind}{seed:02d}.png")
    return sorted(folder.iterdir())


def open_tab(page: Page) -> Page:
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    settle(page)
    return page


def choose(page: Page, element: str, option: str) -> None:
    page.locator(f"#{element} input").click()
    page.get_by_role("option", name=option).click()


def fill(page: Page, element: str, value: str) -> None:
    page.locator(f"#{element} input").fill(value)
    page.keyboard.press("Tab")


def small(page: Page, steps: str) -> None:
    """Settings with which a step takes milliseconds."""
    unfold(page, "more")
    choose(page, "start-from", "Round and angular")
    expect(page.locator("#freeze input")).to_be_enabled()
    fill(page, "steps", steps)
    fill(page, "image-size", "32")
    fill(page, "batch-size", "1")


def offered(page: Page) -> list[str]:
    page.get_by_role("tab", name="Translate").click()
    page.locator("#weights input").click()
    names = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def step_of(page: Page) -> int:
    found = re.search(r"step ([\d,]+)", page.locator("#progress").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def test_from_uploaded_pictures_to_a_picture_translated_with_what_was_learned(
    visit: Visit, live: LivePage, tmp_path: Path
) -> None:
    page = open_tab(visit())
    expect(page.locator("#progress")).to_contain_text("Nothing has been trained here yet")

    with ZipFile(tmp_path / "discs.zip", "w") as archive:
        for file in drawn(tmp_path / "a", "disc", 12):
            archive.write(file, f"discs/{file.name}")
    page.locator("#domain-a input[type=file]").set_input_files(str(tmp_path / "discs.zip"))
    expect(page.locator("#strip-a")).to_contain_text("11 pictures to learn from · 1 set aside to watch")
    expect(page.locator("#name-a input, #name-a textarea")).to_have_value("discs")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    files = [*drawn(tmp_path / "b", "square", 12), tmp_path / "broken.png"]
    page.locator("#domain-b input[type=file]").set_input_files([str(file) for file in files])
    expect(page.locator("#strip-b")).to_contain_text("1 left out")
    expect(page.locator("#strip-b li")).to_contain_text("broken.png")
    expect(page.locator("#strip-b")).not_to_contain_text("/tmp")
    expect(page.locator("#strip-a img").first).to_be_visible()
    expect(page.locator("#remarks")).to_contain_text("below 50")

    small(page, ENDLESS)
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("left", timeout=STARTING)
    expect(page.locator("#run input")).to_have_value("discs2B · in training")

    # A second page sees the run and cannot start another; the first one finds it again after a reload.
    other = open_tab(visit())
    expect(other.locator("#progress")).to_contain_text("Training, step")
    other.locator("#try-scenes").click()
    expect(other.locator("#strip-b img").first).to_be_visible()
    other.locator("#start").click()
    expect(other.locator("#train-status")).to_contain_text("discs2B is in training on cpu")
    page.reload()
    open_tab(page)
    expect(page.locator("#losses svg")).to_be_visible()
    expect(page.locator("#rho svg")).to_be_visible()
    before = step_of(page)
    page.wait_for_function(
        "before => Number(document.querySelector('#progress').innerText.match(/step ([\\d,]+)/)[1].replace(',', ''))"
        " > before",
        arg=before,
        timeout=STARTING,
    )

    # Back in time without a network; there it stays, while new samples come.
    moment = page.locator("#moment input[type=range]")
    expect(moment).to_be_enabled(timeout=STARTING)
    networks = live.runs.total()
    moment.focus()
    page.keyboard.press("Home")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")
    known = int(moment.get_attribute("max") or 0)
    page.wait_for_function(
        "known => document.querySelector('#moment input[type=range]').max > known", arg=known, timeout=STARTING
    )
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")
    assert page.locator("#preview img").count() == 5 * 1
    assert live.runs.total() == networks

    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text("Stopped at step", timeout=STARTING)
    stopped = step_of(page)
    page.locator("#resume").click()
    expect(page.locator("#progress")).to_contain_text("left", timeout=STARTING)
    assert step_of(page) >= stopped
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text("Stopped at step", timeout=STARTING)

    assert any("discs2B" in name for name in offered(other))
    with page.expect_download() as caught:
        page.locator("#download-run").click()
    with ZipFile(caught.value.path()) as archive:
        archive.extractall(tmp_path / "taken")
    assert load_weights(tmp_path / "taken" / "discs2B").domains == ("discs", "B")
    page.locator("#open-in-translate").click()
    expect(page.locator("#target-domain").get_by_label("to B")).to_be_checked()
    page.locator("#input-image input[type=file]").first.set_input_files(str(files[0]))
    expect(page.locator("#measured")).to_contain_text("discs → B")


def test_a_run_of_drawn_scenes_ends_by_itself_and_a_name_that_is_taken_is_told(visit: Visit, live: LivePage) -> None:
    page = open_tab(visit())
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-a")).to_contain_text("scenes with a disc")
    small(page, "4")
    fill(page, "run-name", "brief")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps", timeout=STARTING)
    # Given more steps, at its side, it goes on; a reload leaves one on this tab.
    page.locator("#resume").click()
    expect(page.locator("#run-said")).to_contain_text("All its 4 steps are done")
    page.reload()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps")
    unfold(page, "resume-with")
    expect(page.locator("#resume-batch-size input")).to_have_value("1")
    fill(page, "resume-steps", "6")
    page.locator("#resume").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 6 steps", timeout=STARTING)
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-a")).to_contain_text("scenes with a disc")
    unfold(page, "more")
    fill(page, "run-name", "brief")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("a run 'brief' already")
    assert (live.trained / "brief" / "checkpoints").is_dir()


def test_a_run_that_is_watched_goes_on_in_another_language(visit: Visit) -> None:
    said = KOREAN.train
    page = open_tab(visit())
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-b img").first).to_be_visible()
    small(page, ENDLESS)
    fill(page, "run-name", "spoken")
    page.locator("#start").click()
    expect(page.locator("#run input")).to_have_value("spoken · in training")
    moment = page.locator("#moment input[type=range]")
    expect(moment).to_be_enabled(timeout=STARTING)
    moment.focus()
    page.keyboard.press("Home")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")

    page.locator("#language").get_by_label(KOREAN.name).check()
    running = said.running.partition("{")[0]
    expect(page.locator("#progress")).to_contain_text(running)
    expect(page.locator("#run input")).to_have_value(said.in_training.format(run="spoken"))
    expect(page.locator("#preview")).to_contain_text("0단계")
    expect(moment).to_have_value("0")
    expect(page.locator("#losses [role=img]")).to_have_attribute("aria-label", re.compile(said.critics))
    expect(page.locator("#start-from input")).to_have_value("Round and angular")
    told = page.locator("#progress").inner_text()
    expect(page.locator("#progress")).not_to_have_text(told, timeout=STARTING)
    expect(page.locator("#progress")).to_contain_text(running)
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text(said.stopped.partition("}")[2], timeout=STARTING)
    page.locator("#language").get_by_label("English").check()
    expect(page.locator("#progress")).to_contain_text("Stopped at step")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")


def test_what_cannot_be_trained_is_told_before_anything_is_started(visit: Visit, live: LivePage) -> None:
    page = open_tab(visit())
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("Both sides need pictures")
    fill(page, "source-a", "/nowhere/at/all")
    expect(page.locator("#strip-a")).to_contain_text("/nowhere/at/all")
    page.locator("#try-scenes").click()
    for side in "ab":
        expect(page.locator(f"#strip-{side} img").first).to_be_visible()
    unfold(page, "more")
    fill(page, "image-size", "33")
    expect(page.locator("#image-size input").first).to_have_value("33")
    before = set(live.trained.glob("*"))
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("“Image size” must be a multiple of 4")
    assert set(live.trained.glob("*")) == before


def test_lists_that_are_looked_at_and_left_leave_what_was_typed(visit: Visit) -> None:
    page = open_tab(visit())
    choose(page, "preset", "light")
    expect(page.locator("#steps input")).to_have_value("100000")
    fill(page, "steps", "70")
    glance(page, "preset")
    unfold(page, "more")
    choose(page, "start-from", "Round and angular")
    expect(page.locator("#freeze input")).to_be_enabled()
    fill(page, "image-size", "96")
    glance(page, "start-from")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("Both sides need pictures")
    expect(page.locator("#steps input")).to_have_value("70")
    expect(page.locator("#image-size input")).to_have_value("96")


def test_an_answer_that_got_lost_on_its_way_is_given_again(visit: Visit, live: LivePage) -> None:
    page, lost = open_tab(visit()), []

    def lose(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        if "halted" in answer.text() and not lost:
            lost.append(told["data"])
            told["data"] = [{"__type__": "update"} for _ in told["data"]]
        route.fulfill(response=answer, json=told)

    page.route("**/run/**", lose)
    run = Run(live.trained, "halted")
    try:
        run.show(0)
        run.events.write("status", 60, {"status": "stopped"})
        expect(page.locator("#run input")).to_have_value("halted")
        expect(page.locator("#progress")).to_contain_text("Stopped at step 60")
        expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")
        assert lost
    finally:
        page.unroute_all(behavior="wait")
        shutil.rmtree(run.folder)


def test_the_strip_follows_the_fit(visit: Visit, tmp_path: Path) -> None:
    page = open_tab(visit())
    page.locator("#domain-a input[type=file]").set_input_files([str(f) for f in drawn(tmp_path / "a", "disc", 2)])
    first = page.locator("#strip-a img").first
    expect(first).to_be_visible()
    assert int(first.get_attribute("width") or 0) > int(first.get_attribute("height") or 0)
    unfold(page, "more")
    page.locator("#fit").get_by_label("pad").check()
    expect(first).to_have_attribute("width", first.get_attribute("height") or "")


def test_the_train_tab_fits_a_phone(visit: Visit) -> None:
    page = open_tab(visit(viewport={"width": 390, "height": 844}))
    page.locator("#preview").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
