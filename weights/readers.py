"""Train the classifiers that read glasses and smile off drawn faces, and measure them on unseen faces.

    python weights/readers.py lorelei toon-head

Writes `weights/readers/STYLE.safetensors` (16-bit floats) and adds the accuracies to `weights/readers/README.md`'s
source, `weights/readers/measures.json`. The classifiers see true faces alone, of seeds that no weights are trained on.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.data.face_cache import draw_faces
from ugatit.data.face_set import FaceSet
from ugatit.data.face_styles import STYLES
from ugatit.data.faces import attribute_names, face_attributes, part_masks
from ugatit.data.transforms import square_tensor
from ugatit.errors import TranslationError
from ugatit.evaluation.domain_classifier import Augmentation, train_classifier
from ugatit.evaluation.face_reading import (
    NETWORK_WIDTH,
    READ_BY_NETWORK,
    READERS,
    REGIONS,
    SIDE,
    Box,
    FaceReader,
    crop_part,
    face_reader,
)
from ugatit.images.decoding import open_picture

TRAINED_ON = range(800_000, 803_000)
UNSEEN = range(950_000, 951_000)
EPOCHS = 16
BOXED = range(804_000, 804_060)
MARGIN = 0.05
SLIGHT = Augmentation(mirror=False, zoom=0.08, turn=0.08, shift=0.08)
"""Faces of a style have their parts in the same places, so little has to be learned from moved ones."""
MEASURES = "measures.json"


def train_readers(style: str, folder: Path, trained_on: range = TRAINED_ON, epochs: int = EPOCHS) -> Path:
    """Train the classifiers of a style and return the file written."""
    faces = every_face(style)
    pictures = drawn(faces, trained_on)
    state, described = {}, {}
    for attribute in attributes_read(style):
        labels = true_values(faces, trained_on, attribute)
        box = part_box(style, READ_BY_NETWORK[attribute])
        parts = crop_part(pictures, box)
        classifier = train_classifier(
            parts[~labels], parts[labels], seed=0, epochs=epochs, width=NETWORK_WIDTH, augmentation=SLIGHT
        )
        described[attribute] = {"box": box, "trained_on": classifier.trained_on}
        for name, values in classifier.network.state_dict().items():
            kept = values.half() if values.is_floating_point() else values
            state[f"{attribute}.{name}"] = kept.contiguous()
    state |= {f"region.{part}": values for part, values in part_regions(style).items()}
    path = folder / f"{style}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, path, metadata={"classifiers": json.dumps(described)})
    return path


def part_regions(style: str) -> dict[str, Tensor]:
    """Return how often hair and skin lie at each pixel, (SIDE, SIDE) in [0, 1]."""
    masks = [part_masks(style, seed, SIDE) for seed in BOXED]
    return {part: torch.tensor(np.mean([each[part] for each in masks], axis=0)).half() for part in REGIONS}


def part_box(style: str, part: str) -> Box:
    """Return where a part of the faces of a style lies, with a margin."""
    named = {"glasses": True} if part == "glasses" else {}
    masks = [part_masks(style, seed, SIDE, **named).get(part) for seed in BOXED]
    rows, columns = np.nonzero(np.any([mask for mask in masks if mask is not None], axis=0))
    limits = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    margins = (-MARGIN, -MARGIN, MARGIN, MARGIN)
    left, top, right, bottom = (
        float(np.clip(limit / SIDE + margin, 0, 1)) for limit, margin in zip(limits, margins, strict=True)
    )
    return left, top, right, bottom


def measure_reader(reader: FaceReader, unseen: range = UNSEEN) -> dict[str, Any]:
    """Return the share of unseen true faces of which each attribute is read right."""
    faces = every_face(reader.style)
    readings = reader.read(drawn(faces, unseen))
    attributes = [face_attributes(faces.style, seed, **faces.named) for seed in unseen]
    names = ("hair", "skin", *reader.classifiers)
    right = {
        name: sum(
            getattr(reading, name) == getattr(own, name) for reading, own in zip(readings, attributes, strict=True)
        )
        for name in names
    }
    return {"faces": len(unseen), **{name: count / len(unseen) for name, count in right.items()}}


def every_face(style: str) -> FaceSet:
    """Return the faces of a style with all attributes by the seed."""
    return FaceSet.parse(f"faces:{style}")


def attributes_read(style: str) -> list[str]:
    """Return the attributes of a style that classifiers read."""
    return [name for name in READ_BY_NETWORK if name in attribute_names(style)]


def drawn(faces: FaceSet, seeds: range) -> Tensor:
    """Return the faces of all seeds, (N, 3, SIDE, SIDE) in [-1, 1]."""
    paths = draw_faces(faces, seeds, SIDE, lambda line: print(line, file=sys.stderr))
    return torch.stack([square_tensor(open_picture(path), SIDE) for path in paths])


def true_values(faces: FaceSet, seeds: range, attribute: str) -> Tensor:
    """Return whether each face has an attribute, (N,) bool."""
    return torch.tensor([bool(getattr(face_attributes(faces.style, s, **faces.named), attribute)) for s in seeds])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("styles", nargs="+", choices=STYLES, metavar="STYLE", help=", ".join(STYLES))
    parser.add_argument("--measure", action="store_true", help="only measure the files that are there")
    parser.add_argument("--output", type=Path, default=READERS, help="folder for the files [weights/readers]")
    options = parser.parse_args(arguments)
    try:
        for style in options.styles:
            if not options.measure:
                train_readers(style, options.output)
            path = options.output / MEASURES
            measures = json.loads(path.read_text()) if path.is_file() else {}
            measures[style] = measure_reader(face_reader(style, options.output))
            path.write_text(json.dumps(measures, indent=2, sort_keys=True) + "\n")
            print(style, json.dumps(measures[style]))
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
