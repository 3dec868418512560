"""What a page is sent of a run: all of it once, then only what is new."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import gradio as gr
import pytest

from tests.tiny import tiny_config
from tests.viz.test_timeline import sample
from ugatit.checkpoints.store import write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.models.manifest import Manifest
from ugatit.training.events import EventLog
from ugatit.training.samples import write_samples
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.access import Access
from viz.tabs.language import Labels
from viz.tabs.train import run_box
from viz.tabs.train.page_state import OpenPage, Selection, ShownState
from viz.tabs.train.run_box import RunBox, chosen, look, turned
from viz.tabs.train.run_view import index_of
from viz.tabs.train.runs import Runs
from viz.timeline import SCALES


class Run:
    """A run folder that tells what a test wants told."""

    def __init__(self, root: Path, name: str = "mine") -> None:
        self.folder = root / name
        (self.folder / "samples").mkdir(parents=True)
        settings = DataConfig("scenes:disc", "scenes:square").to_dict(), TrainingConfig().to_dict()
        write_manifest(self.folder, Manifest("ugatit", tiny_config().to_dict(), *settings))
        self.events = EventLog(self.folder / "events.jsonl")
        self.events.write("status", 0, {"status": "started", "steps": 100})

    def learn(self, step: int) -> None:
        terms = {"cycle.disc": 1.0 / (step + 1)}
        self.events.write(
            "loss",
            step,
            {"generator": terms, "discriminator": terms, "rho": {"generator_ab.a": 0.9, "generator_ba.a": 0.8}},
        )

    def show(self, step: int) -> None:
        name = f"samples/step_{step:07d}.png"
        write_samples(self.folder / name, sample(1.0))
        self.events.write("sample", step, {"file": name})


@pytest.fixture
def box() -> Iterator[RunBox]:
    with gr.Blocks():
        yield run_box.build(Access(), Labels())


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run(tmp_path)
    run.show(0)
    run.learn(10)
    run.show(50)
    return run


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_a_page_just_opened_is_told_everything(box: RunBox, runs: Runs, run: Run) -> None:
    seen, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert {*updates} >= {box.run, box.progress, box.preview, box.losses, box.rho, box.moment, box.direction}
    assert "svg" in updates[box.losses]
    assert "Step 50 · sample 2 of 2" in updates[box.preview]
    assert updates[box.preview].count("<img") == 2 * 5
    assert seen.run == "mine"


def test_while_nothing_is_new_nothing_is_sent(box: RunBox, runs: Runs, run: Run) -> None:
    seen, _ = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert look(box, runs, Selection(), seen, True, ENGLISH) == (seen, {})


def test_without_a_run_the_page_stays_as_it_is(box: RunBox, tmp_path: Path) -> None:
    runs = Runs(tmp_path / "nothing")
    seen, _ = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert look(box, runs, Selection(), seen, True, ENGLISH) == (seen, {})


def test_the_newest_sample_is_followed_until_someone_looks_back(box: RunBox, runs: Runs, run: Run) -> None:
    seen, _ = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    selection, preview = turned(runs, Selection(), seen, 0, 1, "minmax")
    assert selection == Selection(moment=0, origin=1, scale="minmax")
    assert "Step 0 · sample 1 of 2" in preview
    run.show(100)
    _, back = look(box, runs, selection, seen, True, ENGLISH)
    assert box.preview not in back
    assert back[box.moment]["maximum"] == 2
    assert "value" not in back[box.moment]
    _, following = look(box, runs, Selection(), seen, True, ENGLISH)
    assert "Step 100 · sample 3 of 3" in following[box.preview]
    assert following[box.moment]["value"] == 2
    selection, _ = turned(runs, selection, seen, 1, 0, "newest")
    assert selection.moment is None, "at its end the slider follows again"


def test_another_language_says_everything_anew_and_moves_nothing(box: RunBox, runs: Runs, run: Run) -> None:
    seen, _ = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    selection, _ = turned(runs, Selection(), seen, 0, 1, "minmax")
    seen, updates = look(box, runs, selection, seen, True, KOREAN)
    said = KOREAN.train
    assert said.killed.format(at=said.at_of.format(step="50", steps="100")) in updates[box.progress]
    assert said.sample.format(step="0", number=1, count=2) in updates[box.preview]
    assert said.scales["minmax"] in updates[box.preview]
    assert f'aria-label="{said.losses_said.format(step="10", values="")}' in updates[box.losses]
    assert updates[box.moment]["value"] == 0
    assert not {box.said, *box.changes.wishes} & {*updates}, "what a person typed or was answered stays"
    assert look(box, runs, selection, seen, True, KOREAN) == (seen, {})
    assert said.sample.format(step="0", number=1, count=2) in turned(runs, selection, seen, 0, 1, "minmax")[1]


def test_what_may_not_have_reached_the_page_is_sent_again(box: RunBox, runs: Runs, run: Run) -> None:
    seen, first = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    again, updates = look(box, runs, Selection(), seen, True, ENGLISH, lost=True)
    assert {*updates} == {*first} - {*box.changes.wishes}, "what a person typed stays"
    assert updates[box.progress] == first[box.progress]
    assert look(box, runs, Selection(), again, True, ENGLISH) == (again, {})


def test_every_way_to_draw_the_maps_has_a_name() -> None:
    assert {*ENGLISH.train.scales} == {*SCALES}


def test_a_page_without_a_run_speaks_the_language_too(box: RunBox, tmp_path: Path) -> None:
    seen, updates = look(box, Runs(tmp_path / "nothing"), Selection(), ShownState(), True, KOREAN)
    assert KOREAN.train.no_run in updates[box.progress]
    assert KOREAN.train.no_rho in updates[box.rho]
    assert seen.language == KOREAN.code


def test_a_damaged_sample_is_told_in_its_place(box: RunBox, runs: Runs, run: Run) -> None:
    (run.folder / "samples/step_0000050.npz").write_bytes(b"torn")
    _, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert "damaged" in updates[box.preview]


def test_words_of_a_run_are_no_markup(box: RunBox, runs: Runs, run: Run) -> None:
    run.events.write("error", 60, {"message": "<img src=x onerror=alert(1)>"})
    _, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert "<img" not in updates[box.progress]
    assert "onerror" in updates[box.progress]


def test_stop_and_resume_can_be_pressed_when_they_would_do_something(box: RunBox, runs: Runs, run: Run) -> None:
    run.events.write("status", 60, {"status": "stopped"})
    _, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert (updates[box.stop].interactive, updates[box.resume].interactive) == (False, True)
    _, updates = look(box, runs, Selection(), ShownState(), False, ENGLISH)
    assert (updates[box.stop].interactive, updates[box.resume].interactive) == (False, False)
    run.events.write("status", 100, {"status": "finished"})
    _, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert (updates[box.stop].interactive, updates[box.resume].interactive) == (False, True)


def test_an_answer_goes_when_what_it_was_about_has_happened(box: RunBox, runs: Runs, run: Run) -> None:
    seen, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert box.said not in updates
    run.learn(20)
    seen, updates = look(box, runs, Selection(), seen, True, ENGLISH)
    assert box.progress in updates
    assert box.said not in updates
    run.events.write("status", 60, {"status": "stopped"})
    _, updates = look(box, runs, Selection(), seen, True, ENGLISH)
    assert updates[box.said] == ""


def test_the_settings_of_a_run_are_shown_once(box: RunBox, runs: Runs, run: Run) -> None:
    steps = box.changes.wishes[0]
    seen, updates = look(box, runs, Selection(), ShownState(), True, ENGLISH)
    assert updates[steps] == TrainingConfig.steps
    run.learn(20)
    _, updates = look(box, runs, Selection(), seen, True, ENGLISH)
    assert steps not in updates, "what a person typed stays"


def test_the_rho_of_a_generator_is_told_by_what_it_does(runs: Runs, run: Run) -> None:
    view = runs.view("mine")
    drawing = view.curves(view.watch.look()).rho.partition("<svg")[2]
    assert "generator_ab" not in drawing
    for direction, _ in view.directions():
        assert direction in drawing, "the figure's comments hold its words"


@pytest.mark.parametrize(
    ("gaze", "listed", "name"),
    [
        ("", (), ""),
        ("", (("new", False), ("old", False)), "new"),
        ("", (("new", False), ("old", True)), "old"),
        ("older", (("new", True), ("older", False)), "older"),
        ("gone", (("new", False), ("old", True)), "old"),
    ],
)
def test_the_chosen_run_is_shown_else_the_one_in_training_else_the_newest(
    selection: str, listed: tuple[tuple[str, bool], ...], name: str
) -> None:
    assert chosen(Selection(run=selection), listed) == name


def test_a_moment_that_is_gone_becomes_the_nearest() -> None:
    assert [index_of((0, 50, 100), moment) for moment in (None, 0, 60, 10**6)] == [2, 0, 1, 2]


def test_every_page_has_a_gaze_of_its_own() -> None:
    page = OpenPage()
    page.selection = Selection(run="mine")
    assert deepcopy(page).selection == Selection()
