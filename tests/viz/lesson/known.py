"""Scenes whose truth is known on their way through small random networks, as the lesson takes them."""

import torch
from torch import nn

from tests.tiny import SIZE, tiny_model
from ugatit.data.scenes import scene
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.networks.attention import CamAttention
from viz.lesson.subject import Subject
from viz.lesson.view import View


def subject(seed: int = 0, width: int = SIZE, known: bool = True) -> Subject:
    """A disc on its way to a square. width: other than SIZE, the scene is stretched and the canvas padded."""
    model = tiny_model(seed).eval()
    attention = _attention(model)
    for classifier in (attention.gap, attention.gmp):
        # As wide as trained ones, so that logits written with two digits differ from 0.
        nn.init.normal_(classifier.weight, std=1.0, generator=torch.Generator().manual_seed(seed))
    picture, mask = scene("disc", seed, SIZE)
    return Subject(model, "square", picture.resize((width, SIZE)), f"disc-{seed}", truth=mask if known else None)


def classifier_weights(subject: Subject, pooling: str) -> torch.Tensor:
    """(K,), read from the network itself."""
    classifier = getattr(_attention(subject.model), pooling)
    return torch.as_tensor(classifier.weight[0].detach())


def _attention(model: TranslationModel) -> CamAttention:
    assert isinstance(model, UGATIT)
    attention = model.generator("square").attention
    assert isinstance(attention, CamAttention)
    return attention


def texts(view: View) -> list[str]:
    """All that a view says."""
    panels = [part for row in view.rows for panel in row for part in (panel.caption, panel.alt, panel.made)]
    return [view.heading, *view.says, *view.formulas, *panels, *(chart.title for chart in view.charts)]
