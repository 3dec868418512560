"""A critic's judgement: its scores, and exactly the window that one score judges."""

import pytest
import torch
from PIL import Image

from tests.tiny import pictures, tiny_model
from ugatit.images.tensors import to_picture
from ugatit.models import UGATIT
from viz.lesson.critic_judgement import judge
from viz.lesson.subject import Subject


def make_picture(seed: int, size: tuple[int, int] = (32, 32)) -> Image.Image:
    return to_picture(pictures(1, seed=seed)[0]).resize(size)


def settled_model(seed: int = 0, **changes: object) -> UGATIT:
    """Return a random model whose critics' spectral norms have converged, as after training."""
    model = tiny_model(seed, **changes)
    for critic in model.critics("square").values():
        for _ in range(20):
            critic(pictures(1, model.image_size))
    return model.eval()


def make_subject(seed: int = 0, size: tuple[int, int] = (32, 32), reference: bool = True) -> Subject:
    model = settled_model(seed)
    return Subject(model, "square", make_picture(seed, size), "a scene", make_picture(seed + 1) if reference else None)


@pytest.mark.parametrize("critic", ["local", "global"])
@pytest.mark.parametrize(("across", "down"), [(0.5, 0.5), (0.0, 1.0), (0.3, 0.9), (1.0, 0.1)])
def test_a_score_depends_on_its_window_alone(critic: str, across: float, down: float) -> None:
    subject = make_subject(1, size=(48, 64))
    judgement = judge(subject, critic, "translation", across, down)
    network = subject.model.critics("square")[critic]
    inside = torch.zeros_like(subject.explanation.image, dtype=torch.bool)
    inside[:, :, *judgement.window] = True
    noise = torch.randn(inside.shape, generator=torch.Generator().manual_seed(0))

    def score_with_noise(noisy: torch.Tensor) -> float:
        with torch.no_grad():
            output = network(torch.where(noisy, noise, subject.explanation.image))
        return float(output.patch_logits[0, 0][judgement.cell])

    assert score_with_noise(~inside) == pytest.approx(judgement.score, abs=1e-6)
    assert score_with_noise(inside) != pytest.approx(judgement.score, abs=1e-6)


def test_a_window_inside_the_picture_has_the_size_of_the_receptive_field() -> None:
    subject = Subject(
        settled_model(image_size=64, global_layers=4, local_layers=3), "square", make_picture(0, (96, 96))
    )
    judgement = judge(subject, "local", "translation")
    field = subject.explainer.patch_grids["local"].field
    assert [edge.stop - edge.start for edge in judgement.window] == [field, field]


def test_positions_0_and_1_select_the_outermost_scores() -> None:
    subject = make_subject(2)
    first, last = (judge(subject, "local", "translation", share, share) for share in (0.0, 1.0))
    rows, columns = first.patches.shape
    assert (first.cell, last.cell) == ((0, 0), (rows - 1, columns - 1))
