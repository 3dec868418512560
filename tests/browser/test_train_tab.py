"""The Train tab as a person uses it: from two sets of pictures to a translation with the trained weights."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit, open_accordion, open_and_leave_list, wait_for_frames
from tests.live import LivePage, served
from tests.viz.tabs.train.run_folder import RunFolder
from ugatit.checkpoints.store import load_weights
from ugatit.data.scenes import scene
from viz.i18n.korean import KOREAN

START_TIMEOUT = 90_000
"""Milliseconds for a process to start and train its first steps, on a busy machine."""
MANY_STEPS = "100000"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """A server of its own: weights that are trained here are offered to all its visitors."""
    with served(tmp_path_factory.mktemp("trained")) as page:
        yield page


def save_scenes(folder: Path, kind: str, count: int) -> list[Path]:
    folder.mkdir(parents=True)
    for seed in range(count):
        scene(kind, seed, 48)[0].crop((0, 0, 48, 40)).save(folder / f"{kind}{seed:02d}.png")
    return sorted(folder.iterdir())


def open_tab(page: Page) -> Page:
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    wait_for_frames(page)
    return page


def choose(page: Page, element: str, option: str) -> None:
    page.locator(f"#{element} input").click()
    page.get_by_role("option", name=option).click()


def fill(page: Page, element: str, value: str) -> None:
    page.locator(f"#{element} input").fill(value)
    page.keyboard.press("Tab")


def use_scenes(page: Page) -> None:
    """Fill both domains with drawn scenes."""
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-a")).to_contain_text("scenes with a disc")


def set_small_run(page: Page, steps: str) -> None:
    """Set options with which a step takes milliseconds."""
    open_accordion(page, "more")
    choose(page, "start-from", "Round and angular")
    expect(page.locator("#freeze input")).to_be_enabled()
    fill(page, "steps", steps)
    fill(page, "image-size", "32")
    fill(page, "batch-size", "1")


def offered_weights(page: Page) -> list[str]:
    page.get_by_role("tab", name="Translate").click()
    page.locator("#weights input").click()
    names = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def current_step(page: Page) -> int:
    match = re.search(r"step ([\d,]+)", page.locator("#progress").inner_text())
    return int(match[1].replace(",", "")) if match else 0


def test_from_uploaded_pictures_to_a_picture_translated_with_the_trained_weights(
    visit: Visit, live: LivePage, tmp_path: Path
) -> None:
    page = open_tab(visit())
    expect(page.locator("#progress")).to_contain_text("Nothing has been trained here yet")
    expect(page.locator("#model input")).to_have_value("ugatit")

    with ZipFile(tmp_path / "discs.zip", "w") as archive:
        for file in save_scenes(tmp_path / "a", "disc", 12):
            archive.write(file, f"discs/{file.name}")
    page.locator("#domain-a input[type=file]").set_input_files(str(tmp_path / "discs.zip"))
    expect(page.locator("#strip-a")).to_contain_text("11 pictures to learn from · 1 set aside to watch")
    expect(page.locator("#name-a input, #name-a textarea")).to_have_value("discs")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    files = [*save_scenes(tmp_path / "b", "square", 12), tmp_path / "broken.png"]
    page.locator("#domain-b input[type=file]").set_input_files([str(file) for file in files])
    expect(page.locator("#strip-b")).to_contain_text("1 left out")
    expect(page.locator("#strip-b li")).to_contain_text("broken.png")
    expect(page.locator("#strip-b")).not_to_contain_text("/tmp")
    expect(page.locator("#strip-a img").first).to_be_visible()
    expect(page.locator("#remarks")).to_contain_text("below 50")

    set_small_run(page, MANY_STEPS)
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("left", timeout=START_TIMEOUT)
    expect(page.locator("#run input")).to_have_value("discs2B · in training")

    # A second page shows the run and cannot start another; the first page shows it again after a reload.
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
    before = current_step(page)
    page.wait_for_function(
        "before => Number(document.querySelector('#progress').innerText.match(/step ([\\d,]+)/)[1].replace(',', ''))"
        " > before",
        arg=before,
        timeout=START_TIMEOUT,
    )

    # The slider goes back in time without a network, and stays there while new samples come.
    moment = page.locator("#moment input[type=range]")
    expect(moment).to_be_enabled(timeout=START_TIMEOUT)
    networks = live.network_calls.total()
    moment.focus()
    page.keyboard.press("Home")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")
    last = int(moment.get_attribute("max") or 0)
    page.wait_for_function(
        "last => document.querySelector('#moment input[type=range]').max > last", arg=last, timeout=START_TIMEOUT
    )
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")
    assert page.locator("#preview img").count() == 5 * 1
    assert live.network_calls.total() == networks

    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text("Stopped at step", timeout=START_TIMEOUT)
    stopped = current_step(page)
    page.locator("#resume").click()
    expect(page.locator("#progress")).to_contain_text("left", timeout=START_TIMEOUT)
    assert current_step(page) >= stopped
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text("Stopped at step", timeout=START_TIMEOUT)

    assert any("discs2B" in name for name in offered_weights(other))
    with page.expect_download() as download:
        page.locator("#download-run").click()
    with ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path / "downloaded")
    assert load_weights(tmp_path / "downloaded" / "discs2B").domains == ("discs", "B")
    page.locator("#open-in-translate").click()
    expect(page.locator("#target-domain").get_by_label("to B")).to_be_checked()
    page.locator("#input-image input[type=file]").first.set_input_files(str(files[0]))
    expect(page.locator("#measured")).to_contain_text("discs → B")


def test_a_run_of_drawn_scenes_finishes_and_its_name_cannot_be_used_again(visit: Visit, live: LivePage) -> None:
    page = open_tab(visit())
    use_scenes(page)
    set_small_run(page, "4")
    fill(page, "run-name", "brief")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps", timeout=START_TIMEOUT)
    # With more steps it resumes; a reload keeps this tab open.
    page.locator("#resume").click()
    expect(page.locator("#run-said")).to_contain_text("All its 4 steps are done")
    page.reload()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps")
    open_accordion(page, "resume-with")
    expect(page.locator("#resume-batch-size input")).to_have_value("1")
    fill(page, "resume-steps", "6")
    page.locator("#resume").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 6 steps", timeout=START_TIMEOUT)
    use_scenes(page)
    open_accordion(page, "more")
    fill(page, "run-name", "brief")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("a run 'brief' already")
    assert (live.runs_folder / "brief" / "checkpoints").is_dir()


def test_a_watched_run_continues_in_another_language(visit: Visit) -> None:
    texts = KOREAN.train
    page = open_tab(visit())
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-b img").first).to_be_visible()
    set_small_run(page, MANY_STEPS)
    fill(page, "run-name", "watched")
    page.locator("#start").click()
    expect(page.locator("#run input")).to_have_value("watched · in training")
    moment = page.locator("#moment input[type=range]")
    expect(moment).to_be_enabled(timeout=START_TIMEOUT)
    moment.focus()
    page.keyboard.press("Home")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")

    page.locator("#language").get_by_label(KOREAN.name).check()
    running = texts.running.partition("{")[0]
    expect(page.locator("#progress")).to_contain_text(running)
    expect(page.locator("#run input")).to_have_value(texts.in_training.format(run="watched"))
    expect(page.locator("#preview")).to_contain_text("0스텝")
    expect(moment).to_have_value("0")
    expect(page.locator("#losses [role=img]")).to_have_attribute("aria-label", re.compile(texts.critics))
    expect(page.locator("#start-from input")).to_have_value("Round and angular")
    before = page.locator("#progress").inner_text()
    expect(page.locator("#progress")).not_to_have_text(before, timeout=START_TIMEOUT)
    expect(page.locator("#progress")).to_contain_text(running)
    page.locator("#stop").click()
    expect(page.locator("#progress")).to_contain_text(texts.stopped.partition("}")[2], timeout=START_TIMEOUT)
    page.locator("#language").get_by_label("English").check()
    expect(page.locator("#progress")).to_contain_text("Stopped at step")
    expect(page.locator("#preview")).to_contain_text("Step 0 · sample 1")


def test_settings_that_cannot_be_trained_are_refused_before_a_run_starts(visit: Visit, live: LivePage) -> None:
    page = open_tab(visit())
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("Both sides need pictures")
    fill(page, "source-a", "/nowhere/at/all")
    expect(page.locator("#strip-a")).to_contain_text("/nowhere/at/all")
    page.locator("#try-scenes").click()
    for side in "ab":
        expect(page.locator(f"#strip-{side} img").first).to_be_visible()
    open_accordion(page, "more")
    fill(page, "image-size", "33")
    expect(page.locator("#image-size input").first).to_have_value("33")
    before = set(live.runs_folder.glob("*"))
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("“Image size” must be a multiple of 4")
    assert set(live.runs_folder.glob("*")) == before


def test_lists_left_unchanged_keep_the_typed_values(visit: Visit) -> None:
    page = open_tab(visit())
    choose(page, "preset", "light")
    expect(page.locator("#steps input")).to_have_value("100000")
    fill(page, "steps", "70")
    open_and_leave_list(page, "preset")
    open_accordion(page, "more")
    choose(page, "start-from", "Round and angular")
    expect(page.locator("#freeze input")).to_be_enabled()
    fill(page, "image-size", "96")
    open_and_leave_list(page, "start-from")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("Both sides need pictures")
    expect(page.locator("#steps input")).to_have_value("70")
    expect(page.locator("#image-size input")).to_have_value("96")


def test_an_answer_lost_on_its_way_is_sent_again(visit: Visit, live: LivePage) -> None:
    page, lost = open_tab(visit()), []

    def lose(route: Route) -> None:
        response = route.fetch()
        answer = response.json()
        if "halted" in response.text() and not lost:
            lost.append(answer["data"])
            answer["data"] = [{"__type__": "update"} for _ in answer["data"]]
        route.fulfill(response=response, json=answer)

    page.route("**/run/**", lose)
    run = RunFolder(live.runs_folder, "halted")
    try:
        run.write_sample(0)
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
    page.locator("#domain-a input[type=file]").set_input_files([str(f) for f in save_scenes(tmp_path / "a", "disc", 2)])
    first = page.locator("#strip-a img").first
    expect(first).to_be_visible()
    assert int(first.get_attribute("width") or 0) > int(first.get_attribute("height") or 0)
    open_accordion(page, "more")
    page.locator("#fit").get_by_label("pad").check()
    expect(first).to_have_attribute("width", first.get_attribute("height") or "")


def test_the_train_tab_fits_a_phone(visit: Visit) -> None:
    page = open_tab(visit(viewport={"width": 390, "height": 844}))
    page.locator("#preview").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
