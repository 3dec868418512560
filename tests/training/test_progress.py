"""What the terminal reads while a run goes on."""

from ugatit.training.progress import Progress


def lines_of(steps: int, seconds_each: float, total: int) -> list[str]:
    """What is said over the first steps of a run, with a clock that every step takes forward."""
    said: list[str] = []
    now = [0.0]
    progress = Progress(total, every=10.0, write=said.append, clock=lambda: now[0])
    for step in range(1, steps + 1):
        now[0] += seconds_each
        progress(step)
    return said


def test_pace_and_rest_are_those_of_the_clock() -> None:
    assert lines_of(steps=6, seconds_each=2.0, total=100)[0] == "step 5 of 100, 2.00 s each, 3 min left"


def test_fast_steps_do_not_flood_the_terminal() -> None:
    assert 8 <= len(lines_of(steps=1000, seconds_each=0.1, total=2000)) <= 10  # a hundred seconds, ten apart


def test_slow_first_step_says_nothing_of_the_pace() -> None:
    assert lines_of(steps=1, seconds_each=60.0, total=10) == []
