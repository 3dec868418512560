"""Step 11: the picture translated by two models trained alike, with CAM attention and without it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ugatit.evaluation.face_pairs import edit_measures
from ugatit.images.fitting import fit
from ugatit.images.tensors import to_tensor
from ugatit.inference.translation import Translation
from ugatit.inference.translator import Translator
from ugatit.metrics import psnr
from viz.cam_pair import CamPair
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.ground_truth import changed_pixels
from viz.i18n.schema import Words
from viz.lesson.difference import pixel_difference
from viz.lesson.maps import ATTENTION, draw_map
from viz.lesson.measures import read_measures
from viz.lesson.number_format import format_number, format_percent
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale
from viz.lesson.subject import Map, Mask, Subject
from viz.lesson.view import ColorScale, Panel, Table, View
from viz.overlay import colorize, outline

NAME = "without-cam"


@dataclass(frozen=True)
class Settings(StepSettings):
    """This step has no settings."""


@dataclass(frozen=True)
class Closeness:
    """How one picture compares with the true answer: PSNR in dB, and mean changes in grey levels."""

    psnr: float
    inside: float
    outside: float


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of both translations and their changes; where the true answer is known, of the better one."""
    texts = words.without_cam
    if subject.cam_pair is None:
        return View(heading=texts.heading.title, sentences=(texts.none,))
    translators = subject.cam_pair.translators()
    with_cam, without = (translator(subject.picture, subject.to, origin=subject.origin) for translator in translators)
    answer = None if subject.answer is None else _as_seen(subject.answer, translators[0])
    mask = None if answer is None else changed_pixels(with_cam.source, answer)
    changes = [pixel_difference(with_cam.source, each.image) for each in (with_cam, without)]
    sentences: tuple[str, ...] = (texts.nobody_knows,)
    tables: tuple[Table, ...] = ()
    if answer is not None:
        pictures = (with_cam.image, without.image, with_cam.source)
        columns = tuple(closeness(with_cam.source, each, answer) for each in pictures)
        sentences = _verdict(columns, words)
        tables = (Table("here", texts.here, texts.head, _rows(columns, words)),)
    return View(
        heading=texts.heading.title,
        sentences=sentences,
        rows=(
            tuple(_pictures(subject, with_cam, without, answer, words)),
            tuple(_maps(subject, with_cam, changes, mask, words)),
        ),
        scales=(
            attention_scale(words),
            ColorScale(
                ATTENTION,
                (
                    words.cycle.equal,
                    words.cycle.different.format(levels=format_number(float(np.max(changes)), 0)),
                ),
            ),
        ),
        charts=(*tables, *_held_out(subject.cam_pair, subject, words)),
    )


def closeness(source: Image.Image, image: Image.Image, answer: Image.Image) -> Closeness:
    """Return how close a translation of `source` is to the true answer. All RGB and of equal size."""
    pictures, images, answers = map(to_tensor, (source, image, answer))
    measures = edit_measures(pictures, images, answers)
    return Closeness(
        float(psnr(images, answers)), measures["change_inside_grey_levels"], measures["change_outside_grey_levels"]
    )


def _as_seen(picture: Image.Image, translator: Translator) -> Image.Image:
    """Return a picture at the size that a model sees."""
    fitted = fit(picture, translator.model.image_size, translator.model.canvas_rule())
    return fitted.crop(fitted.canvas)


def _pictures(
    subject: Subject, with_cam: Translation, without: Translation, answer: Image.Image | None, words: Words
) -> Iterator[Panel]:
    texts, fields = words.without_cam, {"name": subject.name, "to": subject.to}
    source_alt = words.lesson.input_alt.format(name=subject.name)
    yield Panel("input", with_cam.source, words.lesson.input, source_alt, lossless=True)
    yield Panel("with-cam", with_cam.image, texts.with_cam, texts.with_alt.format(**fields), lossless=True)
    yield Panel("without-cam", without.image, texts.without_cam, texts.without_alt.format(**fields), lossless=True)
    if answer is not None:
        yield Panel("answer", answer, texts.answer, texts.answer_alt.format(**fields), lossless=True)


def _maps(
    subject: Subject, with_cam: Translation, changes: list[Map], mask: Mask | None, words: Words
) -> Iterator[Panel]:
    """Yield the attention map, and both changes on one scale, with the outline of what should change."""
    texts, attention = words.without_cam, with_cam.attention["generator"]
    assert attention.values is not None
    drawn = draw_map(attention.values, with_cam.source, (attention.rows, attention.columns))
    highest = float(np.max(changes)) or 1.0
    maps = [Image.fromarray(colorize(change / highest, ATTENTION)) for change in changes]
    pictures = [drawn, *(enlarge(each, screen_factor(each)) for each in maps)]
    captions = ("attention", texts.attention, texts.attention_alt, "")
    changed = (
        ("changed-with", texts.changed_with, texts.changed_with_alt, texts.changed_made),
        ("changed-without", texts.changed_without, texts.changed_without_alt, texts.changed_made),
    )
    for picture, (name, caption, alt, made) in zip(pictures, (captions, *changed), strict=True):
        outlined = picture if mask is None else outline(picture, mask)
        yield Panel(name, outlined, caption, alt.format(name=subject.name), made)


def _verdict(columns: tuple[Closeness, ...], words: Words) -> tuple[str, ...]:
    """Return sentences on which of the two is closer to the true answer. columns: as in the tables."""
    texts, (with_cam, without, copying) = words.without_cam, columns
    text = texts.closer_with if with_cam.psnr >= without.psnr else texts.closer_without
    return (
        text.format(with_cam=format_number(with_cam.psnr, 1), without_cam=format_number(without.psnr, 1)),
        texts.copying.format(copying=format_number(copying.psnr, 1)),
    )


def _held_out(pair: CamPair, subject: Subject, words: Words) -> Iterator[Table]:
    """Yield the table of both models' published figures, where both have them."""
    texts = words.without_cam
    edits = [read_measures(folder, subject.origin, subject.to).edit for folder in pair.folders]
    figures = [edit for edit in edits if edit is not None]
    if len(figures) != len(edits):
        return
    columns = [Closeness(each.psnr, each.change_inside, each.change_outside) for each in figures]
    rows = _rows((*columns, Closeness(figures[0].psnr_of_copying, 0.0, 0.0)), words)
    better = (texts.better, *(format_percent(each.better_than_copying) for each in figures), "")
    count = format_number(figures[0].pictures, 0)
    title = texts.held_out.format(count=count, origin=subject.origin, to=subject.to)
    yield Table("held-out", title, texts.head, (*rows, better))


def _rows(columns: tuple[Closeness, ...], words: Words) -> tuple[tuple[str, ...], ...]:
    texts = words.without_cam
    return (
        (texts.psnr, *(format_number(each.psnr, 1) for each in columns)),
        (texts.inside, *(format_number(each.inside, 1) for each in columns)),
        (texts.outside, *(format_number(each.outside, 1) for each in columns)),
    )
