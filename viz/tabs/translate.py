"""The Translate tab: a picture in, its translation and three attention maps out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.translator import Translation
from ugatit.zoo import Found
from viz.bundle import Bundle
from viz.display import Look, Shown, screen_factor
from viz.examples import Example, Examples
from viz.sheet import enlarged
from viz.tabs import batch, endpoint, result, weights_box
from viz.tabs.events import DRAWING, NETWORKS, PRIVATE, new_file, on_accelerator, tell
from viz.tabs.inputs import PAD_SIDE, PictureInput, from_file, from_pad
from viz.tabs.opening import Opening
from viz.tabs.shelf import Added, Shelf
from viz.tabs.texts import plain, title_of
from viz.tabs.theme import SAVE_FILE, SHOW_RESULT

PROGRESS = gr.Progress()
PICTURE, DRAW, SEVERAL = "picture", "draw", "several"


def build(demo: gr.Blocks, shelf: Shelf, examples: Examples, first: Found, opening: Opening | None) -> None:
    """Build the tab inside `demo`. first: the weights chosen at the start; opening: what a visitor finds."""

    @on_accelerator
    def networks(name: str, added: Added, picture: Image.Image, to: str) -> Translation:
        return shelf.translator(shelf.find(name, added))(picture, to)

    @on_accelerator
    def networks_on_all(
        name: str, added: Added, files: list[Path], to: str
    ) -> Iterator[Translation | TranslationError]:
        yield from shelf.translator(shelf.find(name, added)).stream(files, to)

    shown = gr.State(None, time_to_live=weights_box.DAY)
    mode = gr.State(PICTURE)
    with gr.Row():
        with gr.Column(scale=4, min_width=300):
            with gr.Tabs(selected=PICTURE, elem_id="inputs") as tabs:
                with gr.Tab("Picture", id=PICTURE) as picture_tab:
                    picture = PictureInput(
                        label="Picture", show_label=False, sources=["upload", "webcam", "clipboard"], type="filepath",
                        image_mode=None, height=250, elem_id="input-image", elem_classes="picture", interactive=True,
                        alt_text="The picture to translate",
                    )  # fmt: skip
                with gr.Tab("Draw", id=DRAW) as draw_tab:
                    pad = gr.Sketchpad(
                        Image.new("RGB", (PAD_SIDE, PAD_SIDE), "white"),
                        label="Drawing pad", show_label=False, type="pil", image_mode="RGBA", format="png",
                        canvas_size=(PAD_SIDE, PAD_SIDE), height=400, layers=False, elem_id="sketch",
                        brush=gr.Brush(14, ["#1b1f27", "#dc2626", "#f59e0b", "#16a34a", "#2563eb", "#7c3aed"], "#1b1f27"),
                    )  # fmt: skip
                with gr.Tab("Several", id=SEVERAL) as several_tab:
                    several = gr.File(label="Pictures", file_count="multiple", height=270, elem_id="several")
            for tab, name in ((picture_tab, PICTURE), (draw_tab, DRAW), (several_tab, SEVERAL)):
                tab.select(lambda name=name: name, None, mode, queue=False, show_progress="hidden", **PRIVATE)
            target = weights_box.build_target(first)
            start = gr.Button("Translate", variant="primary", elem_id="translate")
            status = gr.Markdown("", elem_id="status")
            galleries = _galleries(shelf, examples)
            controls = weights_box.build(shelf, first, target)
        with gr.Column(scale=9, min_width=300, elem_id="result"):
            with gr.Column(visible=False) as several_done:
                gallery = gr.Gallery(
                    label="Translations",
                    format="png",
                    columns=5,
                    height="auto",
                    object_fit="contain",
                    elem_id="gallery",
                )
                archive = gr.File(label="All of it, with maps and numbers", elem_id="archive", interactive=False)
            with gr.Column() as one_done:
                box = result.build()
    parcel = gr.File(visible="hidden")
    endpoint.build(networks, controls.added)

    def translate(
        mode: str,
        file: str | None,
        drawing: dict[str, Any] | None,
        files: list[str] | None,
        name: str,
        to: str,
        added: Added,
        progress: gr.Progress = PROGRESS,
        *look: Any,
    ) -> list[Any]:
        try:
            if mode == SEVERAL:
                done = batch.translate_all(
                    files or [],
                    lambda paths: networks_on_all(name, added, paths, to),
                    examples, Look(*look), to, progress,
                )  # fmt: skip
                return [gr.skip(), *done, gr.Column(visible=True), gr.Column(visible=False)]
            incoming = from_pad(drawing) if mode == DRAW else from_file(file)
            translation = networks(name, added, incoming.picture, to)
        except TranslationError as error:
            return [gr.skip(), gr.skip(), gr.skip(), tell(error), gr.skip(), gr.skip()]
        made = Shown(translation, incoming.name, examples.truth_of(translation))
        return [made, gr.skip(), gr.skip(), "", gr.Column(visible=False), gr.Column(visible=True)]

    def show(shown: Shown | None, *look: Any) -> list[Any]:
        return [gr.skip() for _ in box.all] if shown is None else result.fill(shown, Look(*look))

    def look_again(shown: Shown | None, *look: Any) -> list[Any]:
        return [gr.skip() for _ in box.drawn] if shown is None else result.redraw(shown, Look(*look))

    def pack(shown: Shown | None, *look: Any) -> Any:
        if shown is None:
            return gr.skip()
        path = new_file(f"{shown.name}-to-{batch.safe(shown.translation.to)}.zip")
        with Bundle(path, Look(*look)) as bundle:
            bundle.add(shown)
        return str(path)

    def choose(example: Example, added: Added) -> list[Any]:
        found = shelf.find(example.weights, added)
        chosen = weights_box.switched(found, example.to)
        return [as_file(example), PICTURE, gr.Tabs(selected=PICTURE), found.name, *chosen]

    def chooser(offered: list[Example]) -> Callable[..., list[Any]]:
        def chosen(added: Added, event: gr.SelectData) -> list[Any]:
            return choose(offered[event.index], added)

        return chosen

    def open_page() -> list[Any]:
        result = opening.shown() if opening else None
        if opening is None or opening.example is None or result is None:
            return [gr.skip(), gr.skip()]
        return [as_file(opening.example), result]

    drawn = {"inputs": [shown, *box.look], "trigger_mode": "always_last", **DRAWING, **PRIVATE}

    def then_show(made: Dependency) -> None:
        made.then(show, outputs=box.all, **drawn)

    def translates(trigger: Callable[..., Dependency], seen: bool = True) -> None:
        made = trigger(
            translate,
            [mode, picture, pad, several, controls.weights, controls.target, controls.added, *box.look],
            [shown, gallery, archive, status, several_done, one_done],
            show_progress_on=[box.image, gallery],
            **NETWORKS,
            **PRIVATE,
        )
        then_show(made)
        made.then(None, js=SHOW_RESULT, **PRIVATE)

    translates(start.click)
    translates(picture.upload)
    for offered, wall in galleries:
        picked = wall.select(
            chooser(offered),
            controls.added,
            [picture, mode, tabs, controls.weights, controls.target, controls.about],
            queue=False,
            show_progress="hidden",
            **PRIVATE,
        )
        translates(picked.then)
    then_show(demo.load(open_page, None, [picture, shown], show_progress="hidden", **PRIVATE))
    for control in box.look:
        control.input(look_again, outputs=box.drawn, **drawn)
    packed = box.download.click(pack, [shown, *box.look], parcel, show_progress="hidden", **PRIVATE)
    packed.then(None, parcel, js=SAVE_FILE, **PRIVATE)


def as_file(example: Example) -> str:
    """The example as an upload of its own name would lie there."""
    path = new_file(f"{example.name}.png")
    example.picture.save(path)
    return str(path)


def _galleries(shelf: Shelf, examples: Examples) -> list[tuple[list[Example], gr.Gallery]]:
    """A wall of small pictures for each of the weights that has examples."""
    walls = []
    for found in shelf.offered():
        offered = examples.of(found.name)
        if not offered:
            continue
        gr.Markdown(f"### {plain(title_of(found))}", elem_classes="heading")
        wall = gr.Gallery(
            [(enlarged(e.picture, screen_factor(e.picture)), f"{e.name}, {e.origin}") for e in offered],
            label=f"Examples for {title_of(found)}", show_label=False, container=False, columns=6, height="auto",
            allow_preview=False, buttons=[], format="png", interactive=False, object_fit="contain",
            elem_id=f"examples-{found.name}", elem_classes="examples",
        )  # fmt: skip
        walls.append((offered, wall))
    return walls
