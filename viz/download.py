"""What a person takes home: pictures, maps and raw numbers in one zip; and the numbers alone, as plain values."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
from PIL import Image

from ugatit.inference.translation import Translation
from ugatit.text import unused
from viz.display import DisplayedTranslation, DisplayOptions, map_pictures


def translation_details(translation: Translation) -> dict[str, Any]:
    """The numbers of a translation as JSON values: logits, mean patch logits, native map sizes, milliseconds."""
    return {
        "from": translation.origin,
        "to": translation.to,
        "size": list(translation.image.size),
        "milliseconds": round(translation.milliseconds, 1),
        "device": translation.device,
        "precision": translation.precision,
        "maps": {
            name: {
                "size": [attention.values.shape[1], attention.values.shape[0]],
                "cam_logits": {"gap": attention.cam_logits[0], "gmp": attention.cam_logits[1]},
                "mean_patch_logit": None if attention.patch_logits is None else float(attention.patch_logits.mean()),
                "over": attention.over,
                "domain": attention.domain,
            }
            for name, attention in translation.attention.items()
        },
    }


class ResultsArchive:
    """A zip file that translations are added to, one after the other; a context manager."""

    def __init__(self, path: Path, look: DisplayOptions) -> None:
        self._look = look
        self._archive = ZipFile(path, "x", ZIP_DEFLATED)
        self._taken: set[str] = set()

    def __enter__(self) -> "ResultsArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def add(self, shown: DisplayedTranslation) -> None:
        """Add input, translation, drawn maps (PNG), raw arrays (npz) and numbers (JSON) under the picture's name."""
        stem, translation = unused(shown.name, self._taken), shown.translation
        self._taken.add(stem)
        self._picture(f"{stem}-input.png", translation.source)
        self._picture(f"{stem}.png", translation.image)
        for name, picture in map_pictures(shown, self._look).items():
            self._picture(f"{stem}-{name}.png", picture)
        if translation.attention:
            self._archive.writestr(f"{stem}.npz", _arrays(translation), ZIP_STORED)
        self._archive.writestr(
            f"{stem}.json", json.dumps(translation_details(translation), indent=2, ensure_ascii=False) + "\n"
        )

    def _picture(self, name: str, picture: Image.Image) -> None:
        encoded = BytesIO()
        picture.save(encoded, "PNG")
        self._archive.writestr(name, encoded.getvalue(), ZIP_STORED)


def _arrays(translation: Translation) -> bytes:
    """Raw maps by network; the critics' patch logits beside them, as NAME_patch_logits."""
    arrays = {name: attention.values for name, attention in translation.attention.items()}
    for name, attention in translation.attention.items():
        if attention.patch_logits is not None:
            arrays[f"{name}_patch_logits"] = attention.patch_logits
    encoded = BytesIO()
    np.savez_compressed(encoded, allow_pickle=False, **arrays)
    return encoded.getvalue()
