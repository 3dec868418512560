"""A step in parts is the step at once: accumulation changes memory, not what is learned."""

from collections import Counter
from collections.abc import Callable

import pytest
import torch

from tests.tiny import batch, tiny_model
from ugatit.config import LossWeights, TrainingConfig
from ugatit.training.learner import Learner

CPU = torch.device("cpu")


def learner(batch_size: int, accumulate: int, moving: bool = True, **changes: object) -> Learner:
    config = TrainingConfig(batch_size=batch_size, accumulate=accumulate, precision="fp32", **changes)
    made = Learner(tiny_model(blocks=0, ndf=2), config, CPU)
    if not moving:
        made._set_critics = hold_still(made)
    return made


def hold_still(made: Learner) -> Callable[[bool, bool], None]:
    whole = made._set_critics
    return lambda learning, moving: whole(learning, moving=False)


def weights_after(made: Learner, steps: int = 2) -> dict[str, torch.Tensor]:
    for step in range(steps):
        made.update(batch(4), step, 1e-3)
    return made.model.state_dict()


@pytest.mark.parametrize("accumulate", [2, 4])
def test_accumulated_batches_move_the_weights_like_one_of_their_size(accumulate: int) -> None:
    at_once = weights_after(learner(4, 1, moving=False))
    in_parts = weights_after(learner(4 // accumulate, accumulate, moving=False))
    for name, value in at_once.items():
        torch.testing.assert_close(in_parts[name], value, rtol=1e-4, atol=1e-5, msg=lambda m, n=name: f"{n}: {m}")


def test_terms_are_means_over_the_parts() -> None:
    at_once = learner(4, 1, moving=False).update(batch(4), 0, 1e-3)
    in_parts = learner(1, 4, moving=False).update(batch(4), 0, 1e-3)
    for ours, theirs in zip(in_parts, at_once, strict=True):
        assert ours.keys() == theirs.keys()
        for name, value in theirs.items():
            torch.testing.assert_close(ours[name], value, rtol=1e-3, atol=1e-5)


def test_spectral_norm_moves_once_a_step_however_many_parts() -> None:
    made = learner(1, 4)
    conv = made.model.global_a.encoder[0]
    matrix, u = conv.weight.detach().flatten(1).clone(), conv.u.clone()
    made.update(batch(4), 0, 1e-3)
    v = torch.nn.functional.normalize(matrix.t() @ u, dim=0)
    torch.testing.assert_close(conv.v, v)


def test_only_the_last_parts_graph_is_kept_for_the_generators() -> None:
    made = learner(1, 3)
    calls: Counter[bool] = Counter()
    made.model.generator_ab.register_forward_hook(lambda *_: calls.update([torch.is_grad_enabled()]))
    made.update(batch(3), 0, 1e-3)
    # Without a graph for the critics' first two parts; with one for the last, kept, and for two made again; and back.
    assert calls == {False: 2, True: 3 + 3}


def test_critics_whose_word_has_no_weight_stay_as_they_are() -> None:
    made = learner(2, 1, weights=LossWeights(adversarial=0, adversarial_cam=0))
    before = {name: p.detach().clone() for name, p in made.model.named_parameters()}
    weights_after(made)
    moved = {name for name, p in made.model.named_parameters() if not torch.equal(p, before[name])}
    assert {name.partition(".")[0] for name in moved} == {"generator_ab", "generator_ba"}
