"""One training step: what it updates, accumulation in parts, and the order of critics and generators."""

from collections import Counter

import pytest
import torch

from tests.tiny import batch, tiny_model
from tests.training.distributed_worker import disable_power_iteration
from ugatit.config import TrainingConfig
from ugatit.training.learner import Learner

CPU = torch.device("cpu")


def learner(batch_size: int = 1, accumulate: int = 1, power_iteration: bool = True, **changes: object) -> Learner:
    config = TrainingConfig(**{"batch_size": batch_size, "accumulate": accumulate, "precision": "fp32", **changes})
    result = Learner(tiny_model(blocks=0, ndf=2), config, CPU)
    if not power_iteration:
        disable_power_iteration(result)
    return result


def changed_networks(learner: Learner, before: dict[str, torch.Tensor]) -> set[str]:
    changed = {name for name, p in learner.model.named_parameters() if not torch.equal(p, before[name])}
    return {name.partition(".")[0] for name in changed}


def copy_parameters(learner: Learner) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in learner.model.named_parameters()}


@pytest.mark.parametrize("accumulate", [2, 4])
def test_accumulated_parts_update_the_weights_like_one_batch(accumulate: int) -> None:
    whole, parts = learner(4, power_iteration=False), learner(4 // accumulate, accumulate, power_iteration=False)
    for step in range(2):
        whole_terms, part_terms = (each.update(batch(4), step, 1e-3) for each in (whole, parts))
        for expected, actual in zip(whole_terms, part_terms, strict=True):
            assert expected.keys() == actual.keys()
            if step == 0:
                for name, value in expected.items():
                    torch.testing.assert_close(actual[name], value, rtol=1e-3, atol=1e-5)
    weights = parts.model.state_dict()
    for name, value in whole.model.state_dict().items():
        torch.testing.assert_close(weights[name], value, rtol=1e-4, atol=1e-5, msg=lambda m, n=name: f"{n}: {m}")


@pytest.mark.parametrize("accumulate", [1, 4])
def test_power_iteration_runs_once_per_step_whatever_the_number_of_parts(accumulate: int) -> None:
    training = learner(1, accumulate)
    conv = training.model.global_a.encoder[0]
    matrix, u = conv.weight.detach().flatten(1).clone(), conv.u.clone()
    training.update(batch(accumulate), 0, 1e-3)
    v = torch.nn.functional.normalize(matrix.t() @ u, dim=0)
    torch.testing.assert_close(conv.v, v)


def test_each_network_runs_exactly_twice_per_step() -> None:
    training = learner()
    calls: Counter[str] = Counter()
    networks = {**training.model.generator_modules(), **training.model.critic_modules()}
    for name, network in networks.items():
        network.register_forward_hook(lambda *_, name=name: calls.update([name]))
    training.update(batch(1), 0, 1e-4)
    assert calls == dict.fromkeys(networks, 2)


def test_only_the_graph_of_the_last_part_is_kept_for_the_generators() -> None:
    training = learner(1, 3)
    calls: Counter[bool] = Counter()
    training.model.generator_ab.register_forward_hook(lambda *_: calls.update([torch.is_grad_enabled()]))
    training.update(batch(3), 0, 1e-3)
    # Without a graph for the first two parts of the critic step; with one for the last, which is kept, and for the
    # two computed again; each of these three also translates back.
    assert calls == {False: 2, True: 3 + 3}


def test_one_step_changes_every_network_and_leaves_no_gradient() -> None:
    training = learner()
    before = copy_parameters(training)
    training.update(batch(1), 0, 1e-3)
    assert changed_networks(training, before) == {
        *training.model.generator_modules(),
        *training.model.critic_modules(),
    }
    assert all(p.grad is None for p in training.model.parameters())


def test_critics_without_loss_weight_do_not_change() -> None:
    training = learner(2, weights={"adversarial": 0, "adversarial_cam": 0})
    before = copy_parameters(training)
    for step in range(2):
        training.update(batch(4), step, 1e-3)
    assert changed_networks(training, before) == {"generator_ab", "generator_ba"}


def test_generators_are_judged_by_the_updated_critics() -> None:
    training, pictures = learner(), batch(1)
    outputs = training.model.forward_step(pictures)
    _, terms = training.update(pictures, 0, 1e-2)
    for critic in training.model.critic_modules().values():
        critic.eval()
    expected = training.model.generator_terms(outputs)
    name = "adversarial.global.disc"
    torch.testing.assert_close(terms[name], expected[name].detach())


def test_rho_stays_within_zero_and_one() -> None:
    training = learner()
    training.update(batch(1), 0, 0.5)
    shares = torch.cat(list(training.model.mixing().values()))
    assert shares.min() >= 0
    assert shares.max() <= 1


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_short_training_lowers_the_cycle_loss(precision: str) -> None:
    training = learner(steps=12, precision=precision)
    values = [training.update(batch(1), 0, 3e-3)[1]["cycle.disc"].item() for _ in range(12)]
    assert values[-1] < values[0]
