"""The domain classifier: it learns to distinguish two domains, and only the seed determines the result."""

import pytest
import torch
from torch import Tensor

from ugatit.data.scenes import scene
from ugatit.evaluation import domain_classifier
from ugatit.images.tensors import to_tensor


def scenes(kind: str, count: int, first: int = 0) -> Tensor:
    return torch.cat([to_tensor(scene(kind, seed, 32)[0]) for seed in range(first, first + count)])


def noise(count: int, level: float) -> Tensor:
    return torch.rand(count, 3, 32, 32, generator=torch.Generator().manual_seed(count)) * 0.2 + level


def test_judge_distinguishes_light_and_dark() -> None:
    judge = domain_classifier.train_classifier(noise(24, -0.8), noise(20, 0.4), epochs=4, batch_size=8)
    assert judge.trained_on == 44
    assert judge.share(noise(20, -0.8), 0) == 1
    assert judge.share(noise(20, -0.8), 1) == 0
    assert judge.share(noise(21, 0.4), 1) == 1


def test_judge_is_near_chance_for_equal_domains() -> None:
    judge = domain_classifier.train_classifier(scenes("disc", 60), scenes("disc", 60, first=100), epochs=2)
    unseen = scenes("disc", 40, first=500)
    assert judge.share(unseen, 0) + judge.share(unseen, 1) == pytest.approx(1)
    # Both domains show the same kind of picture, so about half of the answers are right.
    assert (judge.share(unseen, 0) + judge.share(scenes("disc", 40, first=600), 1)) / 2 <= 0.75


def test_mirror_images_get_the_same_result() -> None:
    judge = domain_classifier.train_classifier(noise(8, -0.5), noise(8, 0.1), epochs=1)
    pictures = scenes("square", 30)
    assert judge.share(pictures, 0) == judge.share(pictures.flip(3), 0)


def test_larger_pictures_are_reduced_to_the_judges_size() -> None:
    judge = domain_classifier.train_classifier(noise(8, -0.5), noise(8, 0.1), epochs=1)
    sizes = []
    judge.network.register_forward_pre_hook(lambda _, inputs: sizes.append(inputs[0].shape[2:]))
    judge.share(torch.zeros(1, 3, 2 * domain_classifier.MAX_SIDE, 2 * domain_classifier.MAX_SIDE), 0)
    judge.share(torch.zeros(1, 3, 32, 32), 0)
    assert set(sizes[:2]) == {(domain_classifier.MAX_SIDE, domain_classifier.MAX_SIDE)}
    assert set(sizes[2:]) == {(32, 32)}


def test_same_seed_gives_the_same_judge() -> None:
    first, second = (
        domain_classifier.train_classifier(noise(12, -0.5), noise(12, 0.1), seed=3, epochs=1) for _ in range(2)
    )
    assert all(map(torch.equal, first.network.parameters(), second.network.parameters()))


def test_training_a_judge_does_not_change_the_global_random_state() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    domain_classifier.train_classifier(noise(8, -0.5), noise(8, 0.1), epochs=1)
    assert torch.equal(torch.rand(3), expected)
