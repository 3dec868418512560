"""A new request ends the answers to earlier ones and waits until they have ended."""

from threading import Event, Thread
from types import SimpleNamespace

from viz.tabs.learn.request_order import RequestOrder

PAGE, OTHER_PAGE = SimpleNamespace(session_hash="page"), SimpleNamespace(session_hash="other")


def test_a_request_is_the_newest_until_the_next_one_on_one_of_its_topics() -> None:
    order = RequestOrder()
    counts = order.counts(PAGE, "occlusion", "choice")
    order.start(PAGE, "faithful")
    order.start(OTHER_PAGE, "occlusion")
    assert order.counts(PAGE, "occlusion", "choice") == counts
    order.start(PAGE, "choice")
    assert order.counts(PAGE, "occlusion", "choice") != counts


def test_a_request_waits_for_the_end_of_running_answers_on_its_own_page() -> None:
    order, begun, end, answered = RequestOrder(), Event(), Event(), Event()

    def answer() -> None:
        with order.running(PAGE, "occlusion"):
            begun.set()
            end.wait(10)

    def ask() -> None:
        order.start(PAGE, "choice", also_ends=("occlusion",))
        answered.set()

    threads = [Thread(target=answer), Thread(target=ask)]
    threads[0].start()
    assert begun.wait(10)
    order.start(OTHER_PAGE, "occlusion")
    counts = order.counts(PAGE, "choice")
    threads[1].start()
    # The count changes at once, so that the running answer can see that it is out of date.
    while order.counts(PAGE, "choice") == counts:
        pass
    assert not answered.is_set()
    end.set()
    for thread in threads:
        thread.join(10)
    assert answered.is_set()


def test_only_the_newest_counts_are_kept() -> None:
    order = RequestOrder(max_counts=2)
    for topic in ("a", "b", "c"):
        order.start(PAGE, topic)
    assert order.counts(PAGE, "a", "b", "c") == (0, 1, 1)
