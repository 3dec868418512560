"""Downloads: a zip archive of pictures, maps and raw numbers, and a translation's numbers as JSON values."""

import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
from PIL import Image

from ugatit.inference.translation import Translation
from ugatit.text import unused_name
from viz.display import DisplayedTranslation, DisplayOptions, map_pictures

POOLINGS = ("gap", "gmp")


def translation_details(translation: Translation) -> dict[str, Any]:
    """Return the numbers of a translation as JSON values.

    These are logits, mean patch logits, native map sizes, milliseconds, the distance to the nearest domain, and the
    attributes of the source.
    """
    familiarity = translation.familiarity
    return {
        "from": translation.origin,
        "to": translation.to,
        "size": list(translation.image.size),
        "milliseconds": round(translation.milliseconds, 1),
        "device": translation.device,
        "precision": translation.precision,
        "familiarity": familiarity and {**asdict(familiarity), "is_far": familiarity.is_far},
        "attributes": None if translation.attributes is None else dict(translation.attributes),
        "maps": {
            name: {
                "size": [attention.drawn.shape[1], attention.drawn.shape[0]],
                "cam_logits": attention.cam_logits and dict(zip(POOLINGS, attention.cam_logits, strict=True)),
                "mean_patch_logit": None if attention.patch_logits is None else float(attention.patch_logits.mean()),
                "over": attention.over,
                "domain": attention.domain,
            }
            for name, attention in translation.attention.items()
        },
    }


class ResultsArchive:
    """A zip file to which translations are added one by one; a context manager."""

    def __init__(self, path: Path, options: DisplayOptions) -> None:
        self._options = options
        self._archive = ZipFile(path, "x", ZIP_DEFLATED)
        self._used_names: set[str] = set()

    def __enter__(self) -> "ResultsArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def add(self, displayed: DisplayedTranslation) -> None:
        """Add input, translation, drawn maps (PNG), raw arrays (npz) and numbers (JSON) under the picture's name."""
        stem, translation = unused_name(displayed.name, self._used_names), displayed.translation
        self._used_names.add(stem)
        self._write_picture(f"{stem}-input.png", translation.source)
        self._write_picture(f"{stem}.png", translation.image)
        for name, picture in map_pictures(displayed, self._options).items():
            self._write_picture(f"{stem}-{name}.png", picture)
        if translation.attention:
            self._archive.writestr(f"{stem}.npz", _arrays(translation), ZIP_STORED)
        self._archive.writestr(
            f"{stem}.json", json.dumps(translation_details(translation), indent=2, ensure_ascii=False) + "\n"
        )

    def _write_picture(self, name: str, picture: Image.Image) -> None:
        encoded = BytesIO()
        picture.save(encoded, "PNG")
        self._archive.writestr(name, encoded.getvalue(), ZIP_STORED)


def _arrays(translation: Translation) -> bytes:
    """Return an npz file of the raw maps by network, and of the critics' patch logits as NAME_patch_logits.

    Without attention the patch logits are the map.
    """
    arrays = {name: attention.drawn for name, attention in translation.attention.items()}
    for name, attention in translation.attention.items():
        if attention.values is not None and attention.patch_logits is not None:
            arrays[f"{name}_patch_logits"] = attention.patch_logits
    encoded = BytesIO()
    np.savez_compressed(encoded, allow_pickle=False, **arrays)
    return encoded.getvalue()
