"""The updates that a page gets of its run: everything once, then only changes."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import gradio as gr
import pytest

from tests.toy import Toy, ToyConfig
from tests.viz.tabs.train.run_folder import RunFolder
from tests.viz.test_timeline import run_of
from ugatit.config import TrainingConfig
from ugatit.models import MODELS
from ugatit.training.events import EventLog
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.language import Labels
from viz.tabs.train import run_box
from viz.tabs.train.page_state import OpenPage, Selection, ShownState
from viz.tabs.train.run_box import RunBox, select_sample
from viz.tabs.train.run_updates import run_to_show, run_updates
from viz.tabs.train.run_view import index_of
from viz.tabs.train.runs import Runs
from viz.tabs.updates import Updates
from viz.timeline import SCALES

Refresh = Callable[..., tuple[ShownState, Updates]]
NEW_PAGE, NEWEST = ShownState(), Selection()


@pytest.fixture
def box() -> Iterator[RunBox]:
    with gr.Blocks():
        yield run_box.build(Access(), Labels())


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    run = RunFolder(tmp_path / "runs")
    run.write_sample(0)
    run.write_losses(10)
    run.write_sample(50)
    return run


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "runs")


@pytest.fixture
def refresh(box: RunBox, runs: Runs) -> Refresh:
    """A refresh of the page, which is new and in English unless a test says otherwise."""

    def refresh(
        shown: ShownState = NEW_PAGE,
        selection: Selection = NEWEST,
        words: Words = ENGLISH,
        may_train: bool = True,
        resend: bool = False,
    ) -> tuple[ShownState, Updates]:
        return run_updates(box, runs, selection, shown, may_train, words, resend)

    return refresh


def test_a_new_page_gets_everything(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    shown, updates = refresh()
    assert {*updates} >= {box.run, box.progress, box.preview, box.losses, box.rho, box.moment, box.direction}
    assert "svg" in updates[box.losses]
    assert "Step 50 · sample 2 of 2" in updates[box.preview]
    assert updates[box.preview].count("<img") == 2 * 5
    assert shown.run == "mine"


def test_without_changes_nothing_is_sent(run: RunFolder, refresh: Refresh) -> None:
    shown, _ = refresh()
    assert refresh(shown) == (shown, {})


def test_without_a_run_nothing_is_sent(refresh: Refresh) -> None:
    shown, _ = refresh()
    assert refresh(shown) == (shown, {})


def test_the_newest_sample_is_followed_until_an_earlier_one_is_selected(
    box: RunBox, runs: Runs, run: RunFolder, refresh: Refresh
) -> None:
    shown, _ = refresh()
    selection, preview = select_sample(runs, Selection(), shown, 0, 1, "minmax")
    assert selection == Selection(step=0, direction=1, scale="minmax")
    assert "Step 0 · sample 1 of 2" in preview
    run.write_sample(100)
    _, earlier = refresh(shown, selection)
    assert box.preview not in earlier
    assert earlier[box.moment]["maximum"] == 2
    assert "value" not in earlier[box.moment]
    _, newest = refresh(shown)
    assert "Step 100 · sample 3 of 3" in newest[box.preview]
    assert newest[box.moment]["value"] == 2
    selection, _ = select_sample(runs, selection, shown, 1, 0, "newest")
    assert selection.step is None, "at its end the slider follows the newest sample again"


def test_another_language_resends_everything_and_keeps_the_selection(
    box: RunBox, runs: Runs, run: RunFolder, refresh: Refresh
) -> None:
    shown, _ = refresh()
    selection, _ = select_sample(runs, Selection(), shown, 0, 1, "minmax")
    shown, updates = refresh(shown, selection, KOREAN)
    texts = KOREAN.train
    sample_text = texts.sample.format(step="0", number=1, count=2)
    assert texts.killed.format(at=texts.at_of.format(step="50", steps="100")) in updates[box.progress]
    assert sample_text in updates[box.preview]
    assert texts.scales["minmax"] in updates[box.preview]
    assert f'aria-label="{texts.losses_alt.format(step="10", values="")}' in updates[box.losses]
    assert updates[box.moment]["value"] == 0
    assert not {box.message, *box.resume_settings.inputs} & {*updates}, "messages and edited settings stay"
    assert refresh(shown, selection, KOREAN) == (shown, {})
    assert sample_text in select_sample(runs, selection, shown, 0, 1, "minmax")[1]


def test_an_update_that_may_be_lost_is_sent_again(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    shown, first = refresh()
    shown, updates = refresh(shown, resend=True)
    assert {*updates} == {*first} - {*box.resume_settings.inputs}, "edited settings stay"
    assert updates[box.progress] == first[box.progress]
    assert refresh(shown) == (shown, {})


def test_every_scale_of_the_maps_has_a_name() -> None:
    assert {*ENGLISH.train.scales} == {*SCALES}


def test_a_page_without_a_run_follows_the_language_too(box: RunBox, refresh: Refresh) -> None:
    shown, updates = refresh(words=KOREAN)
    assert KOREAN.train.no_run in updates[box.progress]
    assert KOREAN.train.no_rho in updates[box.rho]
    assert shown.language == KOREAN.code


def test_a_damaged_sample_is_reported_in_its_place(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    (run.folder / "samples/step_0000050.npz").write_bytes(b"torn")
    _, updates = refresh()
    assert "damaged" in updates[box.preview]


def test_messages_of_a_run_are_escaped(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    run.events.write("error", 60, {"message": "<img src=x onerror=alert(1)>"})
    _, updates = refresh()
    assert "<img" not in updates[box.progress]
    assert "onerror" in updates[box.progress]


def test_stop_and_resume_are_enabled_when_they_have_an_effect(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    def enabled(may_train: bool = True) -> tuple[bool, bool]:
        _, updates = refresh(may_train=may_train)
        return updates[box.stop].interactive, updates[box.resume].interactive

    run.events.write("status", 60, {"status": "stopped"})
    assert enabled() == (False, True)
    assert enabled(may_train=False) == (False, False)
    run.events.write("status", 100, {"status": "finished"})
    assert enabled() == (False, True)


def test_a_message_is_cleared_when_the_status_changes(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    shown, updates = refresh()
    assert box.message not in updates
    run.write_losses(20)
    shown, updates = refresh(shown)
    assert box.progress in updates
    assert box.message not in updates
    run.events.write("status", 60, {"status": "stopped"})
    _, updates = refresh(shown)
    assert updates[box.message] == ""


def test_the_settings_of_a_run_are_sent_once(box: RunBox, run: RunFolder, refresh: Refresh) -> None:
    steps = box.resume_settings.inputs[0]
    shown, updates = refresh()
    assert updates[steps] == TrainingConfig.steps
    run.write_losses(20)
    _, updates = refresh(shown)
    assert steps not in updates, "edited settings stay"


def test_rho_curves_are_labelled_with_the_direction(runs: Runs, run: RunFolder) -> None:
    view = runs.view("mine")
    svg = view.curves(view.monitor.poll()).rho.partition("<svg")[2]
    assert "generator_ab" not in svg
    for direction, _ in view.directions():
        assert direction in svg, "the figure's comments contain its texts"


@pytest.mark.parametrize(
    ("selected", "entries", "name"),
    [
        ("", (), ""),
        ("", (("new", False), ("old", False)), "new"),
        ("", (("new", False), ("old", True)), "old"),
        ("older", (("new", True), ("older", False)), "older"),
        ("gone", (("new", False), ("old", True)), "old"),
    ],
)
def test_the_selected_run_is_shown_else_the_one_in_training_else_the_newest(
    selected: str, entries: tuple[tuple[str, bool], ...], name: str
) -> None:
    assert run_to_show(Selection(run=selected), entries) == name


def test_a_step_without_a_sample_selects_the_nearest() -> None:
    assert [index_of((0, 50, 100), step) for step in (None, 0, 60, 10**6)] == [2, 0, 1, 2]


def test_every_page_has_its_own_selection() -> None:
    page = OpenPage()
    page.selection = Selection(run="mine")
    assert deepcopy(page).selection == Selection()


def test_every_domain_with_a_target_has_a_direction(
    box: RunBox, run: RunFolder, runs: Runs, refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "toy", Toy)
    toys = run_of(run.folder.parent / "toys", Toy(ToyConfig()))
    EventLog(toys / "events.jsonl").write("sample", 0, {"file": "samples/step_0000000.png"})
    shown, updates = refresh(selection=Selection(run="toys"))
    assert [label for label, _ in updates[box.direction].choices] == ["A → B", "B → C", "C → A"]
    assert updates[box.preview].count("<img") == 2 * 3
    assert "patch scores over the translation" in updates[box.preview]
    selection, preview = select_sample(runs, Selection(run="toys"), shown, 0, 2, "newest")
    assert '<figcaption title="C">' in preview
    assert '<figcaption title="A">' in preview

    # A run of two domains does not have the third direction: its first is shown.
    _, updates = refresh(shown, Selection(run="mine", direction=selection.direction))
    assert updates[box.direction].value == 0
    assert '<figcaption title="disc">' in updates[box.preview]
