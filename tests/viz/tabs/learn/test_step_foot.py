"""The foot of a lesson step: its link, and the way to a pair whose truth is known."""

from viz.i18n import words_in
from viz.tabs.learn.html import foot_element


def test_the_way_to_a_known_truth_comes_after_the_link_of_the_step() -> None:
    words = words_in("en")
    plain = foot_element("?step=evidence", False, words)
    asking = foot_element("?step=evidence", False, words, ("no glasses ↔ glasses", "?step=evidence&weights=glasses"))
    assert "right answer" not in plain
    assert asking.index('href="?step=evidence"') < asking.index('href="?step=evidence&amp;weights=glasses"')
    assert "With no glasses ↔ glasses it is known." in asking
