"""The drawn faces that the page has shown, recognised by their pixels."""

from collections import OrderedDict
from threading import Lock

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import DataError
from ugatit.inference.translation import Translation
from viz.drawn_face import DrawnFace, FacePair, face_sets
from viz.examples import Examples, fingerprint

KEEP = 4096
"""How many faces are remembered, beside those of the examples."""


class KnownFaces:
    """The faces of the examples, and the last `keep` others that were drawn.

    A face is known by its pixels. So it is also recognised in another session, and as a file that was downloaded and
    renamed; a file's name could name another face. Who draws it is all that is kept, about a kilobyte a face.
    """

    def __init__(self, examples: Examples, keep: int = KEEP) -> None:
        self._permanent = {
            fingerprint(each.picture): each.faces.source for each in examples.all if each.faces is not None
        }
        self._drawn: OrderedDict[str, DrawnFace] = OrderedDict()
        self._keep = keep
        self._lock = Lock()

    def remember(self, face: DrawnFace) -> None:
        """Recognise a face from now on. Raises the errors of `face`."""
        key = fingerprint(face.draw())
        with self._lock:
            self._drawn[key] = face
            self._drawn.move_to_end(key)
            while len(self._drawn) > self._keep:
                self._drawn.popitem(last=False)

    def pair_of(self, translation: Translation, entry: WeightsEntry) -> FacePair | None:
        """Return the translated face with its true answer; None where the source is no known face of the right domain.

        entry: the weights that translated it.
        """
        key = fingerprint(translation.source)
        face = self._permanent.get(key) or self._drawn.get(key)
        if face is None:
            return None
        try:
            sets = face_sets(entry.manifest)
        except DataError:
            return None
        target = sets.pop(translation.to, None)
        if target is None or not any(face.belongs_to(faces) for faces in sets.values()):
            return None
        return FacePair(face, face.in_set(target))
