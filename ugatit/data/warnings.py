"""Warnings about a pair of domains before training: few pictures, unequal sides, repeated pictures."""

from ugatit.data.domain import Domain, Picture

FEW_PICTURES = 50
UNEQUAL_RATIO = 4


def data_warnings(a: Domain, b: Domain) -> list[str]:
    """Return warnings, a sentence each: few pictures, unequal sides, and pictures that occur more than once."""
    messages = [
        f"{domain.name} has {len(domain.training)} training pictures; below {FEW_PICTURES} a model learns little."
        for domain in (a, b)
        if len(domain.training) < FEW_PICTURES
    ]
    smaller, larger = sorted((a, b), key=lambda domain: len(domain.training))
    if len(larger.training) > UNEQUAL_RATIO * len(smaller.training):
        messages.append(
            f"The sides are badly unequal: {len(smaller.training)} pictures of {smaller.name}, "
            f"{len(larger.training)} of {larger.name}."
        )
    if shared := len(_digests(a.training) & _digests(b.training)):
        messages.append(
            f"{_pictures_are(shared)} on both sides: nothing is to be learned from what is the same in both."
        )
    for trained, tested in ((a, b), (b, a), (a, a), (b, b)):
        if leaked := len(_digests(trained.training) & _digests(tested.held_out)):
            owner = "" if trained is tested else f" of {tested.name}"
            messages.append(f"{_pictures_are(leaked)} held out{owner} but trained on in {trained.name}.")
    if shared := len(_digests(a.held_out) & _digests(b.held_out)):
        messages.append(f"{_pictures_are(shared)} held out on both sides.")
    messages.extend(
        f"{domain.name}: {repeated} of {len(domain.training)} training pictures repeat another one."
        for domain in (a, b)
        if (repeated := len(domain.training) - len(_digests(domain.training)))
    )
    return messages


def _digests(pictures: tuple[Picture, ...]) -> set[str]:
    return {picture.digest for picture in pictures}


def _pictures_are(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"
