"""Pictures: decode untrusted files, convert to tensors and back, fit to a network's size, place maps on pictures."""

from ugatit.images.decoding import PictureLike, open_picture
from ugatit.images.fitting import FittedPicture, fit, resize
from ugatit.images.placement import place_map, replace_non_finite
from ugatit.images.tensors import to_picture, to_tensor

__all__ = [
    "FittedPicture", "PictureLike", "fit", "open_picture", "place_map", "replace_non_finite", "resize", "to_picture",
    "to_tensor",
]  # fmt: skip
