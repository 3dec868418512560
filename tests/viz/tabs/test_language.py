"""The language that a page opens with."""

import pytest

from viz.tabs.language import language_of_request


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [("ko", "en", "en", "ko"), ("", "ko", "en", "ko"), ("xx", "", "ko", "ko"), ("", "no", "fr", "en")],
)
def test_a_link_comes_before_an_earlier_visit_and_that_before_the_browser(
    asked: str, remembered: str, accepted: str, expected: str
) -> None:
    assert language_of_request(asked, remembered, accepted) == expected
