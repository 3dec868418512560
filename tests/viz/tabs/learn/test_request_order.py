"""A new question ends the answers that were begun before it, and waits until they have ended."""

from threading import Event, Thread
from types import SimpleNamespace

from viz.tabs.learn.request_order import RequestOrder

ME, OTHER = SimpleNamespace(session_hash="me"), SimpleNamespace(session_hash="other")


def test_a_turn_lasts_until_the_next_question_on_one_of_its_subjects() -> None:
    turns = RequestOrder()
    turn = turns.now(ME, "occlusion", "choice")
    turns.next(ME, "faithful")
    turns.next(OTHER, "occlusion")
    assert turns.now(ME, "occlusion", "choice") == turn
    turns.next(ME, "choice")
    assert turns.now(ME, "occlusion", "choice") != turn


def test_a_question_waits_for_the_end_of_what_is_under_way_on_its_own_page() -> None:
    turns, begun, end, answered = RequestOrder(), Event(), Event(), Event()

    def answer() -> None:
        with turns.under_way(ME, "occlusion"):
            begun.set()
            end.wait(10)

    def ask() -> None:
        turns.next(ME, "choice", within=("occlusion",))
        answered.set()

    threads = [Thread(target=answer), Thread(target=ask)]
    threads[0].start()
    assert begun.wait(10)
    turns.next(OTHER, "occlusion")
    turn = turns.now(ME, "choice")
    threads[1].start()
    # The count changes at once, so that what is under way can see that it is over.
    while turns.now(ME, "choice") == turn:
        pass
    assert not answered.is_set()
    end.set()
    for thread in threads:
        thread.join(10)
    assert answered.is_set()


def test_only_the_newest_counts_are_kept() -> None:
    turns = RequestOrder(most=2)
    for subject in ("a", "b", "c"):
        turns.next(ME, subject)
    assert turns.now(ME, "a", "b", "c") == (0, 1, 1)
