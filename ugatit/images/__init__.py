"""Pictures: decoding untrusted files, tensors and back, fitting to a network's sizes, placing maps on pictures."""

from ugatit.images.decoding import PictureLike, open_picture
from ugatit.images.fitting import Fit, fit, resize
from ugatit.images.placement import finite, place
from ugatit.images.tensors import to_picture, to_tensor

__all__ = ["Fit", "PictureLike", "finite", "fit", "open_picture", "place", "resize", "to_picture", "to_tensor"]
