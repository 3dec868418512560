"""Subjects with a known object and small random networks, and checks that every step's view must pass."""

import html

import torch
from torch import nn

from tests.tiny import SIZE, tiny_model
from ugatit.data.scenes import scene
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.networks.attention import CamAttention
from viz.lesson.html import text_to_html, view_to_html
from viz.lesson.subject import Subject
from viz.lesson.view import View


def make_subject(seed: int = 0, width: int = SIZE, known: bool = True) -> Subject:
    """Return a disc to translate to a square.

    width: if it is not SIZE, the scene is stretched and the canvas padded. known: whether the object's mask is given.
    """
    model = tiny_model(seed).eval()
    attention = _attention(model)
    for classifier in (attention.gap, attention.gmp):
        # With a spread like that of trained weights, logits written with two digits differ from 0.
        nn.init.normal_(classifier.weight, std=1.0, generator=torch.Generator().manual_seed(seed))
    picture, mask = scene("disc", seed, SIZE)
    return Subject(model, "square", picture.resize((width, SIZE)), f"disc-{seed}", truth=mask if known else None)


def classifier_weights(subject: Subject, pooling: str) -> torch.Tensor:
    """Return a classifier's weights, (K,), read from the network itself."""
    classifier = getattr(_attention(subject.model), pooling)
    return torch.as_tensor(classifier.weight[0].detach())


def _attention(model: TranslationModel) -> CamAttention:
    assert isinstance(model, UGATIT)
    attention = model.generator("square").attention
    assert isinstance(attention, CamAttention)
    return attention


def check_view(view: View) -> str:
    """Check that all texts are filled in and on the page and every picture is described; return the page's HTML."""
    page = view_to_html(view)
    panels = [panel for row in view.rows for panel in row]
    texts = [*view.sentences, *view.formulas, *(text for panel in panels for text in (panel.caption, panel.details))]
    texts += [*(chart.title for chart in view.charts), *(label for scale in view.scales for label in scale.labels)]
    assert all(panel.alt for panel in panels)
    for text in (view.heading, *texts, *(panel.alt for panel in panels)):
        assert "{" not in text.replace("_{", "")
    for text in texts:
        assert text_to_html(text) in page
    for panel in panels:
        assert html.escape(panel.alt) in page
    return page
