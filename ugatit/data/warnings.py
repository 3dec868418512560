"""Warnings about the domains of a run before training: few pictures, unequal domains, repeated pictures."""

from itertools import combinations

from ugatit.data.domain import Domain, Picture

FEW_PICTURES = 50
UNEQUAL_RATIO = 4


def data_warnings(*domains: Domain) -> list[str]:
    """Return warnings, a sentence each: few pictures, unequal domains, and pictures that occur more than once."""
    messages = [
        f"{domain.name} has {len(domain.training)} training pictures; below {FEW_PICTURES} a model learns little."
        for domain in domains
        if len(domain.training) < FEW_PICTURES
    ]
    by_size = sorted(domains, key=lambda domain: len(domain.training))
    smallest, largest = by_size[0], by_size[-1]
    if len(largest.training) > UNEQUAL_RATIO * len(smallest.training):
        messages.append(
            f"The sides are badly unequal: {len(smallest.training)} pictures of {smallest.name}, "
            f"{len(largest.training)} of {largest.name}."
        )
    pairs = list(combinations(domains, 2))

    def between(a: Domain, b: Domain) -> str:
        return "on both sides" if len(domains) == 2 else f"in both {a.name} and {b.name}"

    for a, b in pairs:
        if shared := len(_digests(a.training) & _digests(b.training)):
            messages.append(
                f"{_pictures_are(shared)} {between(a, b)}: nothing is to be learned from what is the same in both."
            )
    ordered = [ways for a, b in pairs for ways in ((a, b), (b, a))]
    for trained, tested in (*ordered, *((domain, domain) for domain in domains)):
        if leaked := len(_digests(trained.training) & _digests(tested.held_out)):
            owner = "" if trained is tested else f" of {tested.name}"
            messages.append(f"{_pictures_are(leaked)} held out{owner} but trained on in {trained.name}.")
    for a, b in pairs:
        if shared := len(_digests(a.held_out) & _digests(b.held_out)):
            messages.append(f"{_pictures_are(shared)} held out {between(a, b)}.")
    messages.extend(
        f"{domain.name}: {repeated} of {len(domain.training)} training pictures repeat another one."
        for domain in domains
        if (repeated := len(domain.training) - len(_digests(domain.training)))
    )
    return messages


def _digests(pictures: tuple[Picture, ...]) -> set[str]:
    return {picture.digest for picture in pictures}


def _pictures_are(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"
