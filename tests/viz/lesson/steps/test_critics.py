"""Step 7: the critics' own numbers, and a frame around exactly what one score judges."""

from dataclasses import replace

import pytest
import torch
from PIL import Image

from tests.tiny import pictures, tiny_model
from ugatit.errors import TranslationError
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.models import UGATIT
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import plain
from viz.lesson.steps.critics import CRITICS, Settings, judgement, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]


def drawn(seed: int, size: tuple[int, int] = (32, 32)) -> Image.Image:
    return to_picture(pictures(1, seed=seed)[0]).resize(size)


def settled(seed: int = 0, **changes: object) -> UGATIT:
    """A random model whose critics' spectral norms have come to rest, as training leaves them."""
    model = tiny_model(seed, **changes)
    for critic in model.critics("square").values():
        for _ in range(20):
            critic(pictures(1, model.image_size))
    return model.eval()


def subject(seed: int = 0, size: tuple[int, int] = (32, 32), reference: bool = True) -> Subject:
    model = settled(seed)
    return Subject(model, "square", drawn(seed, size), "a scene", drawn(seed + 1) if reference else None)


@pytest.mark.parametrize("critic", CRITICS)
@pytest.mark.parametrize("seed", range(3))
def test_scores_shown_are_the_critics_own(seed: int, critic: str) -> None:
    shown = subject(seed)
    table = view(shown, Settings(critic), ENGLISH).charts[0]
    network = shown.model.critics("square")[critic]
    assert shown.reference is not None
    with torch.no_grad():
        seen = [network(to_tensor(shown.reference.canvas)), network(shown.explained.image)]
    by_hand = [[*answer.cam_logits[0].tolist(), float(answer.patch_logits.mean())] for answer in seen]
    for column, numbers in enumerate(by_hand, start=1):
        assert [row[column] for row in table.rows[:3]] == list(map(plain, numbers))


@pytest.mark.parametrize("critic", CRITICS)
@pytest.mark.parametrize(("across", "down"), [(0.5, 0.5), (0.0, 1.0), (0.3, 0.9), (1.0, 0.1)])
def test_a_score_depends_on_what_lies_in_its_frame_and_on_nothing_else(critic: str, across: float, down: float) -> None:
    shown = subject(1, size=(48, 64))
    settings = Settings(critic, across, down)
    judged = judgement(shown, settings, "translation")
    network = shown.model.critics("square")[critic]
    inside = torch.zeros_like(shown.explained.image, dtype=torch.bool)
    inside[:, :, *judged.window] = True
    noise = torch.randn(inside.shape, generator=torch.Generator().manual_seed(0))

    def score(changed: torch.Tensor) -> float:
        with torch.no_grad():
            return float(network(torch.where(changed, noise, shown.explained.image)).patch_logits[0, 0][judged.cell])

    assert score(~inside) == pytest.approx(judged.score, abs=1e-6)
    assert score(inside) != pytest.approx(judged.score, abs=1e-6)


def test_the_frame_is_as_large_as_the_network_sees_where_it_is_not_cut() -> None:
    shown = Subject(settled(image_size=64, global_layers=4, local_layers=3), "square", drawn(0, (96, 96)))
    judged = judgement(shown, Settings("local"), "translation")
    field = shown.explainer.patch_grids["local"].field
    assert [edge.stop - edge.start for edge in judged.window] == [field, field]


def test_the_ends_of_the_sliders_are_the_outermost_scores() -> None:
    shown = subject(2)
    first, last = (judgement(shown, Settings("local", share, share), "translation") for share in (0.0, 1.0))
    rows, columns = first.patches.shape
    assert (first.cell, last.cell) == ((0, 0), (rows - 1, columns - 1))


@pytest.mark.parametrize(
    ("real", "translated", "words", "apart"),
    [
        (0.9, 0.1, ("looks real", "looks translated"), "still tell the two apart"),
        (0.54, 0.46, ("undecided", "undecided"), "hardly tell the two apart"),
        (-0.2, 1.3, ("looks translated", "looks real"), "more real of the two"),
    ],
)
def test_scores_are_put_into_words(
    monkeypatch: pytest.MonkeyPatch, real: float, translated: float, words: tuple[str, str], apart: str
) -> None:
    shown = subject(4)
    judged = {
        on: replace(shown.judged("local", on), patch_logits=torch.full((1, 1, 3, 3), score))
        for on, score in (("reference", real), ("translation", translated))
    }
    monkeypatch.setattr(shown, "judged", lambda critic, on: judged[on])
    said = view(shown, Settings(), ENGLISH).says
    assert f"{plain(real)} ({words[0]})" in said[0]
    assert f"{plain(translated)} ({words[1]})" in said[0]
    assert apart in said[1]


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("critic", CRITICS)
def test_all_is_said_in_every_language_and_nothing_in_per_cent(words: Words, critic: str) -> None:
    shown = view(subject(), Settings(critic), words)
    assert [panel.name for row in shown.rows for panel in row] == [
        f"{on}{part}" for on in ("reference", "translation") for part in ("", "-attention", "-patches")
    ]
    assert all(panel.alt and "{" not in panel.alt + panel.caption for row in shown.rows for panel in row)
    assert "{" not in "".join(shown.says)
    assert "%" not in "".join((*shown.says, *shown.formulas, *(cell for row in shown.charts[0].rows for cell in row)))
    assert words.critics.patches in element(shown)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_without_a_real_picture_the_translation_is_judged_alone(words: Words) -> None:
    shown = view(subject(reference=False), Settings(), words)
    assert len(shown.rows) == 1
    assert shown.says[1].startswith(words.critics.no_reference.partition("{")[0])
    assert len(shown.charts[0].head) == 2


def test_settings_travel_in_a_link() -> None:
    settings = Settings("global", 0.25, 1.0)
    assert Settings.from_query(settings.to_query()) == settings


@pytest.mark.parametrize(
    ("query", "message"),
    [({"critic": "loud"}, "'loud'"), ({"across": "1.5"}, "across"), ({"down": "nan"}, "down"), ({"down": "x"}, "down")],
)
def test_a_link_to_what_is_not_there_is_refused(query: dict[str, str], message: str) -> None:
    with pytest.raises(TranslationError, match=message):
        Settings.from_query(query)
