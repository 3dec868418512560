"""Names made from untrusted text."""

import pytest

from ugatit.text import unused_name


@pytest.mark.parametrize(("taken", "expected"), [({"dog"}, "cat"), ({"cat", "cat-2", "cat-4"}, "cat-3")])
def test_a_taken_name_gets_the_first_free_number(taken: set[str], expected: str) -> None:
    assert unused_name("cat", taken) == expected
