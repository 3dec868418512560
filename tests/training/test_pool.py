"""The pool of earlier translations: what it returns, keeps, and draws by the seed and the step alone."""

import torch
from torch import Tensor

from ugatit.training.pool import PicturePool


def numbered(*numbers: int) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float32).view(-1, 1, 1, 1).expand(-1, 3, 2, 2)


def numbers(pictures: Tensor) -> list[int]:
    return [int(picture[0, 0, 0]) for picture in pictures]


def drawn(pool: PicturePool, steps: range) -> list[int]:
    result = []
    for step in steps:
        pool.begin(step)
        result += numbers(pool.draw("B", numbered(step)))
    return result


def test_pool_returns_what_it_is_given_until_it_is_full() -> None:
    pool = PicturePool(4, seed=0)
    assert numbers(pool.draw("B", numbered(1, 2, 3, 4))) == [1, 2, 3, 4]
    assert numbers(pool.state_dict()["B"]) == [1, 2, 3, 4]


def test_full_pool_returns_a_new_picture_half_the_time_and_else_trades_it_for_a_stored_one() -> None:
    pool, stored = PicturePool(5, seed=1), set(range(5))
    drawn(pool, range(5))
    returned_new = 0
    for step in range(5, 405):
        (number,) = drawn(pool, range(step, step + 1))
        returned_new += number == step
        if number != step:
            assert number in stored
            stored = stored - {number} | {step}
        assert set(numbers(pool.state_dict()["B"])) == stored
    assert 160 < returned_new < 240


def test_choices_depend_on_the_seed_and_the_step_alone() -> None:
    whole = PicturePool(3, seed=5)
    expected = drawn(whole, range(30))
    first = PicturePool(3, seed=5)
    drawn(first, range(11))
    resumed = PicturePool(3, seed=5)
    resumed.load_state_dict(first.state_dict())
    assert drawn(resumed, range(11, 30)) == expected[11:]
    assert drawn(PicturePool(3, seed=6), range(30)) != expected


def test_names_have_pools_of_their_own_and_size_zero_has_none() -> None:
    pool = PicturePool(1, seed=0)
    pool.draw("A", numbered(1))
    assert numbers(pool.draw("B", numbered(2))) == [2]
    empty = PicturePool(0, seed=0)
    assert numbers(empty.draw("B", numbered(7, 8))) == [7, 8]
    assert empty.state_dict() == {}
