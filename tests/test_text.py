"""Names made of words from outside."""

from ugatit.text import unused


def test_name_that_is_free_stays() -> None:
    assert unused("cat", {"dog"}) == "cat"


def test_taken_name_gets_the_first_free_number() -> None:
    assert unused("cat", {"cat", "cat-2", "cat-4"}) == "cat-3"
