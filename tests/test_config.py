"""Settings: read back strictly, refused by name and value."""

import json
import math
import re

import pytest

from ugatit.config import DataConfig, LossWeights, Settings, TrainingConfig, UGATITConfig
from ugatit.errors import ConfigError

EXAMPLES = [
    UGATITConfig(domains=("flat", "clay"), image_size=128, ngf=32),
    UGATITConfig(global_layers=7, local_layers=5, image_size=64),
    LossWeights(cycle=3.5),
    DataConfig("a", "b", test_a="c", margin=0.2),
    TrainingConfig(steps=10, weights=LossWeights(cam=1.0)),
]


@pytest.mark.parametrize("settings", EXAMPLES, ids=lambda s: type(s).__name__)
def test_settings_survive_json(settings: Settings) -> None:
    assert type(settings).from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize(
    ("settings", "values", "message"),
    [
        (UGATITConfig, {"size": 3}, "UGATITConfig knows no setting 'size'; it has: domains, image_size"),
        (UGATITConfig, {"image_size": "256"}, "UGATITConfig.image_size must be a int, got '256'"),
        (UGATITConfig, {"image_size": 256.0}, "image_size must be a int, got 256.0"),
        (UGATITConfig, {"light": 1}, "light must be a bool, got 1"),
        (UGATITConfig, {"ngf": True}, "ngf must be a int, got True"),
        (UGATITConfig, {"domains": "AB"}, "domains must be a tuple, got 'AB'"),
        (DataConfig, {"domain_a": "x"}, "DataConfig lacks the setting 'domain_b'"),
        (DataConfig, {"domain_a": 5, "domain_b": "x"}, "domain_a must be a str, got 5"),
        (LossWeights, {"cycle": math.nan}, "cycle must be a float, got nan"),
        (TrainingConfig, {"weights": 3}, "weights must be a LossWeights, got 3"),
        (TrainingConfig, {"weights": {"shape": 1.0}}, "LossWeights knows no setting 'shape'"),
        (TrainingConfig, [], "TrainingConfig must be a JSON object, got list"),
    ],
)
def test_what_cannot_be_settings_is_refused(settings: type[Settings], values: object, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        settings.from_dict(values)


def test_whole_numbers_pass_for_real_ones() -> None:
    assert LossWeights.from_dict({"cycle": 10}).cycle == 10


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domains": ("A", "A")}, "domains must be two different names, got ('A', 'A')"),
        ({"domains": ("A", " ")}, "domains must be two different names"),
        ({"domains": ("A",)}, "domains must be two different names"),
        ({"image_size": 30}, "image_size must be a multiple of 4 from 32 to 4096, got 30"),
        ({"image_size": 28}, "got 28"),
        ({"image_size": 10**9}, "got 1000000000"),
        ({"ngf": 0}, "ngf must lie between 1 and 1024, got 0"),
        ({"ndf": 10**6}, "ndf must lie between 1 and 1024, got 1000000"),
        ({"blocks": 10**9}, "blocks must lie between 0 and 64"),
        ({"global_layers": 2}, "global_layers must lie between 3 and 12, got 2"),
        ({"local_layers": -1}, "local_layers must lie between 3 and 12, got -1"),
    ],
)
def test_network_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        UGATITConfig(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        *(({name: 0}, f"{name} must be at least 1, got 0") for name in ("steps", "batch_size", "log_every", "keep")),
        ({"learning_rate": 0.0}, "learning_rate must lie between 0 and 1, got 0.0"),
        ({"learning_rate": math.nan}, "learning_rate must lie between 0 and 1, got nan"),
        ({"ema": 1.0}, "ema must be 0 (off) or a decay below 1, got 1.0"),
        ({"beta1": 1.0}, "beta1 must be from 0 up and below 1, got 1.0"),
        ({"seed": -1}, "seed must lie between 0 and"),
        ({"weight_decay": math.inf}, "weight_decay must lie between 0 and 1, got inf"),
        ({"precision": "fp8"}, "precision must be auto, bf16 or fp32, got 'fp8'"),
    ],
)
def test_training_that_cannot_work_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        TrainingConfig(**changes)


@pytest.mark.parametrize("margin", [-0.1, 1.5, math.nan])
def test_margin_outside_zero_to_one_is_refused(margin: float) -> None:
    with pytest.raises(ConfigError, match="margin must lie between 0 and 1"):
        DataConfig("a", "b", margin=margin)


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_weight_that_is_no_weight_is_refused(weight: float) -> None:
    with pytest.raises(ConfigError, match="cycle must lie between 0 and"):
        LossWeights(cycle=weight)


def test_picked_takes_its_own_settings_alone() -> None:
    assert LossWeights.picked({"cycle": 1.0, "steps": 5}) == {"cycle": 1.0}


def test_defaults_are_the_published_values() -> None:
    training, network = TrainingConfig(), UGATITConfig()
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (1e-4, 0.5, 0.999, 1e-4)
    assert (training.steps, training.batch_size) == (1_000_000, 1)
    assert training.weights.to_dict() == {
        "adversarial": 1.0,
        "adversarial_cam": 1.0,
        "cycle": 10.0,
        "identity": 10.0,
        "cam": 1000.0,
    }
    assert (network.ngf, network.blocks, network.global_layers, network.local_layers) == (64, 4, 7, 5)
