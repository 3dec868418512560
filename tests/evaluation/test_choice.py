"""Which measures are taken: those that were named and fit, or all that fit and need no download."""

import pytest

from ugatit.errors import ConfigError
from ugatit.evaluation.choice import choose_measures


@pytest.mark.parametrize(
    ("paired", "faces", "attention", "by_network", "expected"),
    [
        (False, False, False, (), ("faithful",)),
        (True, False, True, (), ("psnr", "ssim", "faithful", "attention")),
        (True, True, False, ("fid", "kid"), ("kid", "fid", "psnr", "ssim", "attributes", "faithful")),
    ],
)
def test_unless_named_all_that_fit_and_need_no_download_are_taken(
    paired: bool, faces: bool, attention: bool, by_network: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert choose_measures(None, paired, faces, attention, by_network) == expected


def test_named_measures_alone_are_taken_once_each() -> None:
    assert choose_measures(["is", "kid", "is"], True, True, True) == ("kid", "is")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kidd", "no measure 'kidd': kid, fid, is, psnr, ssim, lpips, attributes, faithful, attention"),
        ("lpips", "--measures lpips compares .* add --paired"),
        ("attributes", "faces:STYLE"),
        ("attention", "needs a model with attention"),
    ],
)
def test_named_measures_that_do_not_fit_are_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        choose_measures([name], False, False, False)
