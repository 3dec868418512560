"""The API endpoint `/translate` and its hidden components: one picture in, four pictures and their numbers out."""

from typing import Any, Protocol

import gradio as gr
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.inference.translation import Translation
from viz.display import DisplayedTranslation, DisplayOptions, map_pictures
from viz.download import translation_details
from viz.tabs.catalog import AddedWeights
from viz.tabs.events import NETWORKS
from viz.tabs.inputs import PictureInput, from_file

MAPS = ("generator", "local", "global")
"""The maps that the endpoint returns, None for those a model does not have."""


class TranslateOne(Protocol):
    """Translates one picture to a target domain.

    name: of the weights. added: the session's own weights. source: the attributes the picture has, if they are known.
    """

    def __call__(
        self, name: str, added: AddedWeights, picture: Image.Image, to: str, source: tuple[str, ...] | None = None
    ) -> Translation: ...


def build(translate_one: TranslateOne, added: gr.State) -> None:
    """Build the endpoint. Its components are hidden; the names of its parameters are those of the API."""
    with gr.Group(visible=False):
        picture = PictureInput(label="Picture", image_mode=None)
        to = gr.Textbox(label="Domain to translate to")
        weights = gr.Textbox(label="Name of the weights, as the page offers it")
        colormap = gr.Textbox("turbo", label="Colour map")
        opacity = gr.Number(0.6, label="Opacity of the maps, 0 to 1")
        names = ("Translated image", "Generator map", "Local map", "Global map")
        pictures = [gr.Image(label=name, format="png") for name in names]
        details = gr.JSON(label="Details")
        trigger = gr.Button()

    def translate(
        image: str, to: str, weights: str, colormap: str = "turbo", opacity: float = 0.6, added: AddedWeights = ()
    ) -> list[Any]:
        try:
            options = DisplayOptions(colormap=colormap, opacity=opacity)
            source = from_file(image)
            translation = translate_one(weights, added, source.picture, to)
            maps = map_pictures(DisplayedTranslation(translation, source.name), options)
        except TranslationError as error:
            raise gr.Error(str(error)) from error
        return [translation.image, *map(maps.get, MAPS), translation_details(translation)]

    trigger.click(
        translate,
        [picture, to, weights, colormap, opacity, added],
        [*pictures, details],
        api_name="translate",
        api_description="Translate a picture; give back the result, the attention maps and their numbers.",
        **NETWORKS,
    )
