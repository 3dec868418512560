"""The page as a whole: its tabs put together, and served."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from ugatit.checkpoints.registry import BUNDLED, WeightsEntry, bundled_weights, locate_weights
from ugatit.checkpoints.store import read_manifest
from ugatit.checkpoints.untrusted_upload import LARGEST_WEIGHTS
from ugatit.errors import WeightsError
from viz.examples import load_examples
from viz.i18n import words_in
from viz.tabs import deep_link
from viz.tabs.access import LARGEST_DOMAIN, LOOPBACK, access
from viz.tabs.catalog import Catalog, may_add_weights
from viz.tabs.events import PRIVATE, on_zero_gpu
from viz.tabs.inputs import LARGEST
from viz.tabs.language import Labels
from viz.tabs.language import build as build_switch
from viz.tabs.learn.style import LESSON_CSS
from viz.tabs.learn.subjects import SubjectCache
from viz.tabs.learn.tab import LearnTab
from viz.tabs.run_weights import RunWeights
from viz.tabs.texts import TITLE
from viz.tabs.theme import CSS, REMEMBER_TAB, theme
from viz.tabs.train.export_box import TRANSLATE
from viz.tabs.train.runs import Runs, runs_folder
from viz.tabs.train.tab import TrainTab
from viz.tabs.translate.first_result import FirstResult
from viz.tabs.translate.tab import TranslateTab

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = 86_400
SESSIONS = 500
LEARN, TRAIN = deep_link.LEARN, "train"


def create_demo(
    weights: str | None = None,
    folder: Path = BUNDLED,
    examples: Path = EXAMPLES,
    device: str = "auto",
    precision: str = "auto",
    training: bool = True,
    runs: Path | None = None,
    host: str = LOOPBACK[0],
) -> gr.Blocks:
    """The page, ready to launch.

    weights: what is chosen at the start, a bundled name or anything else on this machine that holds weights;
    else the bundled ones for the largest pictures. folder, examples: where bundled weights and their pictures lie.
    device, precision: of the networks, as `ugatit.load_translator` takes them. training: False serves without the means
    to train. runs: where runs are kept; the usual place unless given. host: the address it will be served on: only on
    the loopback address may training read folders of this machine.
    Raises WeightsError where there are none.
    """
    found = bundled_weights(folder)
    first = first_of(found, weights)
    own = found if first in found else [*found, first]
    trained = Runs(runs or runs_folder(), device)
    learned = RunWeights(trained.root, [each.name for each in own])
    catalog = Catalog(own, device, precision, learned=learned)
    shown = load_examples(own, examples)
    # The GPU that ZeroGPU lends is gone after each call, but the lesson comes back to its networks.
    lesson_catalog = Catalog(own, "cpu", "fp32", learned=learned) if on_zero_gpu() else catalog
    subjects = SubjectCache(lesson_catalog, shown, examples, first)
    opening = None
    if on_zero_gpu():
        # There the GPU is lent to calls only, and a model must be on it before the first.
        for each in own:
            catalog.translator(each)
    else:
        opening = FirstResult(catalog, shown, first.name)
    demo = gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(DAY, DAY), fill_width=True)
    with demo:
        labels, said = Labels(), words_in("").page
        with gr.Row(elem_id="head", equal_height=False):
            lead = gr.Markdown(f"# {TITLE}\n{said.lead}", elem_id="lead")
            language = build_switch()
        with gr.Tabs(selected=TRANSLATE, elem_id="tabs") as tabs:
            with gr.Tab(said.translate, id=TRANSLATE, elem_id=f"tab-{TRANSLATE}") as translate_tab:
                translate = TranslateTab(catalog, shown, first, opening, language, labels)
            with gr.Tab(words_in("").lesson.tab, id=LEARN, elem_id=f"tab-{LEARN}") as learn_tab:
                offered = translate.weights
                learn = LearnTab(subjects, language, offered.added, offered.weights, labels)
            with gr.Tab(said.train, id=TRAIN, elem_id=f"tab-{TRAIN}") as train_tab:
                train = TrainTab(catalog, learned, trained, access(training, host), translate.weights, labels)
        labels.say(lead, lambda words: f"# {TITLE}\n{words.page.lead}")
        labels.say(translate_tab, lambda words: gr.Tab(label=words.page.translate))
        labels.say(learn_tab, lambda words: gr.Tab(label=words.lesson.tab))
        labels.say(train_tab, lambda words: gr.Tab(label=words.page.train))
        translate.connect(demo)
        learn.connect(learn_tab)
        train.connect(demo, tabs)
        for tab in (translate_tab, learn_tab, train_tab):
            tab.select(None, js=REMEMBER_TAB, **PRIVATE)
        deep_link.connect(demo, tabs, language, labels, translate, learn)
    return demo


def first_of(found: Sequence[WeightsEntry], weights: str | None) -> WeightsEntry:
    """The weights that are chosen at the start."""
    if weights is None:
        if not found:
            raise WeightsError("There are no bundled weights; name others: --weights PATH, a weights or run folder.")
        return max(found, key=lambda each: int(each.manifest.network.get("image_size", 0)))
    for each in found:
        if each.name == weights:
            return each
    path = locate_weights(weights)
    if path.is_file():
        raise WeightsError(f"{path} is a checkpoint; first run: python -m ugatit import {path} --output weights/NAME")
    return WeightsEntry(Path(weights).name, path, read_manifest(path))


def launch(demo: gr.Blocks, host: str, port: int, wait: bool = True, training: bool = True) -> str:
    """Serve the page; returns its address, at once unless `wait`. training: whether domains may be uploaded."""
    demo.queue(max_size=64)
    _, address, _ = demo.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=not wait,
        show_error=True,
        theme=theme(),
        css=CSS + LESSON_CSS,
        max_file_size=largest_upload(training),
        state_session_capacity=SESSIONS,
        footer_links=["api"],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        quiet=not wait,
    )
    return str(address)


def largest_upload(training: bool) -> int:
    """In bytes: of a file that somebody may have a use for here. What it is used for sets limits of its own."""
    return max(
        LARGEST, LARGEST_WEIGHTS if may_add_weights() else 0, LARGEST_DOMAIN if access(training).on else 0
    )  # fmt: skip
