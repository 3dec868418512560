"""What is worth saying of two domains before they are trained on."""

from ugatit.data.domain import Domain, Picture

FEW = 50
UNEQUAL = 4


def data_warnings(a: Domain, b: Domain) -> list[str]:
    """Warnings, a sentence each: few pictures, sides badly unequal, and pictures that occur more than once."""
    found = [
        f"{domain.name} has {len(domain.training)} training pictures; below {FEW} a model learns little."
        for domain in (a, b)
        if len(domain.training) < FEW
    ]
    less, more = sorted((a, b), key=lambda domain: len(domain.training))
    if len(more.training) > UNEQUAL * len(less.training):
        found.append(
            f"The sides are badly unequal: {len(less.training)} pictures of {less.name}, "
            f"{len(more.training)} of {more.name}."
        )
    if both := len(_digests(a.training) & _digests(b.training)):
        found.append(f"{_pictures(both)} on both sides: nothing is to be learned from what is the same in both.")
    for trained, held in ((a, b), (b, a), (a, a), (b, b)):
        if leaked := len(_digests(trained.training) & _digests(held.held_out)):
            whose = "" if trained is held else f" of {held.name}"
            found.append(f"{_pictures(leaked)} held out{whose} but trained on in {trained.name}.")
    if both := len(_digests(a.held_out) & _digests(b.held_out)):
        found.append(f"{_pictures(both)} held out on both sides.")
    found.extend(
        f"{domain.name}: {twice} of {len(domain.training)} training pictures repeat another one."
        for domain in (a, b)
        if (twice := len(domain.training) - len(_digests(domain.training)))
    )
    return found


def _digests(pictures: tuple[Picture, ...]) -> set[str]:
    return {picture.digest for picture in pictures}


def _pictures(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"
