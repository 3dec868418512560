"""Assemble the tabs into the Gradio page, and serve it."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from ugatit.checkpoints.registry import BUNDLED, WeightsEntry, bundled_weights, locate_weights
from ugatit.checkpoints.store import read_manifest
from ugatit.checkpoints.untrusted_upload import LARGEST_WEIGHTS
from ugatit.errors import WeightsError
from viz.examples import load_examples
from viz.i18n import words_in
from viz.known_faces import KnownFaces
from viz.tabs import deep_link
from viz.tabs.access import LOOPBACK, MAX_DOMAIN_BYTES, training_access
from viz.tabs.assets import read_asset
from viz.tabs.catalog import Catalog, may_add_weights
from viz.tabs.events import PRIVATE, on_zero_gpu
from viz.tabs.inputs import MAX_PICTURE_BYTES
from viz.tabs.language import Labels, build_language_radio
from viz.tabs.learn.subject_cache import SubjectCache
from viz.tabs.learn.tab import LearnTab
from viz.tabs.run_weights import RunWeights
from viz.tabs.texts import TITLE
from viz.tabs.theme import theme
from viz.tabs.train.export_box import TRANSLATE
from viz.tabs.train.runs import Runs, runs_folder
from viz.tabs.train.tab import TrainTab
from viz.tabs.translate.first_result import FirstResult
from viz.tabs.translate.tab import TranslateTab

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED, _IN_REPOSITORY = _PACKAGE / "example_pictures", _PACKAGE.parent / "examples"
EXAMPLES = _INSTALLED if _INSTALLED.is_dir() else _IN_REPOSITORY
"""The folder of the example pictures: inside the package in a wheel, beside it in the repository."""
DAY = 86_400
MAX_SESSIONS = 500
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
    """Build the page, ready to launch.

    weights: the weights selected at the start, a bundled name or a path to weights on this machine; by default the
    bundled ones with the largest image size. folder, examples: the folders of bundled weights and of example pictures.
    device, precision: for the networks, as for `ugatit.load_translator`. training: False serves the page without
    training. runs: the folder of training runs; by default `runs_folder()`. host: the address to serve on: training may
    read local folders only on the loopback address.
    Raises WeightsError where there are no weights.
    """
    bundled = bundled_weights(folder)
    initial = initial_weights(bundled, weights)
    entries = bundled if initial in bundled else [*bundled, initial]
    training_runs = Runs(runs or runs_folder(), device)
    run_weights = RunWeights(training_runs.root, [entry.name for entry in entries])
    catalog = Catalog(entries, device, precision, run_weights=run_weights)
    example_pictures = load_examples(entries, examples)
    faces = KnownFaces(example_pictures)
    # ZeroGPU takes its GPU back after each call, but the lesson uses the same networks over many calls.
    lesson_catalog = Catalog(entries, "cpu", "fp32", run_weights=run_weights) if on_zero_gpu() else catalog
    subjects = SubjectCache(lesson_catalog, example_pictures, examples, initial)
    first_result = None
    if on_zero_gpu():
        # ZeroGPU lends its GPU to calls only, and a model must be on the GPU before the first call.
        for entry in entries:
            catalog.translator(entry)
    else:
        first_result = FirstResult(catalog, example_pictures, faces, initial.name)
    demo = gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(DAY, DAY), fill_width=True)
    with demo:
        labels, texts = Labels(), words_in("").page
        with gr.Row(elem_id="head", equal_height=False):
            lead = gr.Markdown(f"# {TITLE}\n{texts.lead}", elem_id="lead")
            language = build_language_radio()
        with gr.Tabs(selected=TRANSLATE, elem_id="tabs") as tabs:
            with gr.Tab(texts.translate, id=TRANSLATE, elem_id=f"tab-{TRANSLATE}") as translate_tab:
                translate = TranslateTab(catalog, example_pictures, faces, initial, first_result, language, labels)
            with gr.Tab(words_in("").lesson.tab, id=LEARN, elem_id=f"tab-{LEARN}") as learn_tab:
                weights_box = translate.weights
                learn = LearnTab(subjects, language, weights_box.added, weights_box.weights, labels)
            with gr.Tab(texts.train, id=TRAIN, elem_id=f"tab-{TRAIN}") as train_tab:
                access = training_access(training, host)
                train = TrainTab(catalog, run_weights, training_runs, access, translate.weights, labels)
        labels.add(lead, lambda words: f"# {TITLE}\n{words.page.lead}")
        labels.add(translate_tab, lambda words: gr.Tab(label=words.page.translate))
        labels.add(learn_tab, lambda words: gr.Tab(label=words.lesson.tab))
        labels.add(train_tab, lambda words: gr.Tab(label=words.page.train))
        translate.connect(demo)
        learn.connect(learn_tab)
        train.connect(demo, tabs)
        for tab in (translate_tab, learn_tab, train_tab):
            tab.select(None, js=read_asset("remember_tab.js"), **PRIVATE)
        deep_link.connect(demo, tabs, language, labels, translate, learn)
    return demo


def initial_weights(bundled: Sequence[WeightsEntry], weights: str | None) -> WeightsEntry:
    """Return the weights selected at the start.

    weights: a bundled name, or a path or name that `locate_weights` resolves; None for the bundled weights with the
    largest image size. Raises WeightsError.
    """
    if weights is None:
        if not bundled:
            raise WeightsError("There are no bundled weights; name others: --weights PATH, a weights or run folder.")
        return max(bundled, key=lambda entry: int(entry.manifest.network.get("image_size", 0)))
    for entry in bundled:
        if entry.name == weights:
            return entry
    path = locate_weights(weights)
    if path.is_file():
        raise WeightsError(f"{path} is a checkpoint; first run: python -m ugatit import {path} --output weights/NAME")
    return WeightsEntry(Path(weights).name, path, read_manifest(path))


def launch(demo: gr.Blocks, host: str, port: int, wait: bool = True, training: bool = True) -> str:
    """Serve the page and return its address.

    wait: whether to block until the server stops. training: whether domains may be uploaded.
    """
    demo.queue(max_size=64)
    _, address, _ = demo.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=not wait,
        show_error=True,
        theme=theme(),
        css=read_asset("page.css") + "\n" + read_asset("lesson.css"),
        max_file_size=max_upload_bytes(training),
        state_session_capacity=MAX_SESSIONS,
        footer_links=["api"],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        quiet=not wait,
    )
    return str(address)


def max_upload_bytes(training: bool) -> int:
    """Return the size limit of an uploaded file, over all its possible uses. Each use has a limit of its own."""
    return max(
        MAX_PICTURE_BYTES,
        LARGEST_WEIGHTS if may_add_weights() else 0,
        MAX_DOMAIN_BYTES if training_access(training).on else 0,
    )
