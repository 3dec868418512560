"""The judge of translations: learns two kinds of pictures apart, from the seed alone."""

import torch
from torch import Tensor

from ugatit import recognition
from ugatit.data.scenes import scene
from ugatit.images import to_tensor


def scenes(kind: str, count: int, first: int = 0) -> Tensor:
    return torch.cat([to_tensor(scene(kind, seed, 32)[0]) for seed in range(first, first + count)])


def noise(count: int, level: float) -> Tensor:
    return torch.rand(count, 3, 32, 32, generator=torch.Generator().manual_seed(count)) * 0.2 + level


def test_judge_tells_light_from_dark_and_says_how_well() -> None:
    judge = recognition.trained(noise(40, -0.8), noise(30, 0.4), epochs=6, batch_size=8)
    assert judge.accuracy == 1
    assert judge.trained_on == 34 + 26
    assert judge.tested_on == 6 + 4
    assert judge.share(noise(20, -0.8), 0) == 1
    assert judge.share(noise(20, -0.8), 1) == 0


def test_accuracy_on_pictures_without_a_difference_is_no_better_than_chance() -> None:
    judge = recognition.trained(scenes("disc", 60), scenes("disc", 60, first=100), epochs=2)
    assert judge.accuracy <= 0.8


def test_same_seed_gives_the_same_judge() -> None:
    first, second = (recognition.trained(noise(12, -0.5), noise(12, 0.1), seed=3, epochs=1) for _ in range(2))
    for one, other in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_training_a_judge_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    recognition.trained(noise(8, -0.5), noise(8, 0.1), epochs=1)
    assert torch.equal(torch.rand(3), expected)
