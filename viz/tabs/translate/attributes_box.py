"""The attributes that a model read in the picture, which a person can correct."""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr
from PIL import Image

from ugatit.inference.translation import Translation
from ugatit.models.label_sets import attribute_of
from viz.display import DisplayedTranslation
from viz.examples import fingerprint
from viz.i18n import words_in
from viz.tabs.language import Labels


@dataclass(frozen=True)
class Correction:
    """What a person says of one picture. picture: its fingerprint. attributes: by name, whether the picture has it."""

    weights: str
    picture: str
    attributes: Mapping[str, bool]

    def source_for(self, weights: str, picture: Image.Image, to: str) -> tuple[str, ...] | None:
        """Return the attributes of a picture for a translation; None if this correction says nothing of it."""
        if weights != self.weights or attribute_of(to) not in self.attributes or fingerprint(picture) != self.picture:
            return None
        return tuple(name for name, there in self.attributes.items() if there)


def build(labels: Labels) -> gr.CheckboxGroup:
    """Build the group of check boxes; hidden until a model with attributes has translated."""
    group = gr.CheckboxGroup(
        [], label=words_in("").translate.read, info=words_in("").translate.correct, elem_id="source-attributes",
        visible=False,
    )  # fmt: skip
    labels.add(group, lambda words: gr.CheckboxGroup(label=words.translate.read, info=words.translate.correct))
    return group


def shown(translation: Translation) -> gr.CheckboxGroup:
    """Return the update of the group for a translation."""
    attributes = translation.attributes
    if attributes is None:
        return gr.CheckboxGroup(visible=False)
    present = [name for name, there in attributes.items() if there]
    return gr.CheckboxGroup(choices=list(attributes), value=present, visible=True)


def corrected(
    displayed: DisplayedTranslation | None, weights: str, picture: Image.Image, present: list[str]
) -> Correction | None:
    """Return the correction that ticked boxes make; None where no attributes are displayed."""
    attributes = displayed.translation.attributes if displayed else None
    if attributes is None:
        return None
    return Correction(weights, fingerprint(picture), {name: name in present for name in attributes})
