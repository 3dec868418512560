"""Which measures of translations there are, and which of them fit the pictures at hand."""

from collections.abc import Sequence

from ugatit.errors import ConfigError

DISTRIBUTIONS = ("kid", "fid", "is")
"""Distances between sets of pictures, by a network's features."""
PAIRED = ("psnr", "ssim", "lpips")
"""Likeness of each translation to its true picture."""
MEASURES = (*DISTRIBUTIONS, *PAIRED, "attributes", "faithful", "attention")
WITHOUT_DOWNLOAD = ("psnr", "ssim", "attributes", "faithful", "attention")
"""The measures that are taken where none is named, as far as they fit; none needs a network of someone else."""


def choose_measures(
    named: Sequence[str] | None, paired: bool, faces: bool, attention: bool, by_network: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the measures to take, in the order of MEASURES.

    named: those that were asked for; None for all that need no download. paired: whether inputs and targets are pairs.
    faces: whether both are drawn faces of the same seeds. attention: whether the model has attention. by_network: of
    DISTRIBUTIONS, those taken without being named, since their network was. Raises ConfigError for a named measure that
    does not fit.
    """
    wanted = (*WITHOUT_DOWNLOAD, *by_network) if named is None else named
    if unknown := [name for name in wanted if name not in MEASURES]:
        raise ConfigError(f"There is no measure {unknown[0]!r}: {', '.join(MEASURES)}.")
    needs = {
        **dict.fromkeys(PAIRED, (paired, "compares a translation with its true picture: add --paired")),
        "attributes": (faces, "is of drawn faces: give faces:STYLE as --input and --target"),
        "attention": (attention, "needs a model with attention and pictures that are not drawn faces"),
    }
    chosen = []
    for name in MEASURES:
        fits, reason = needs.get(name, (True, ""))
        if name in wanted and fits:
            chosen.append(name)
        elif name in wanted and named is not None:
            raise ConfigError(f"--measures {name} {reason}.")
    return tuple(chosen)
