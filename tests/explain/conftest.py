"""A tiny model in eval mode and its explainer, shared by the tests of each module."""

import pytest

from tests.tiny import tiny_model
from ugatit.explain.explainer import Explainer
from ugatit.models import UGATIT


@pytest.fixture(scope="module")
def model() -> UGATIT:
    return tiny_model(seed=3).eval()


@pytest.fixture(scope="module")
def explainer(model: UGATIT) -> Explainer:
    return Explainer(model, "square")
