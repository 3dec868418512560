"""Settings: strict reading from JSON, and errors that name the field and the value."""

import json
import math
import re

import pytest

from ugatit.config import DataConfig, Settings, TrainingConfig
from ugatit.errors import ConfigError
from ugatit.models.ugatit import UGATITConfig, UGATITLossWeights

EXAMPLES = [
    UGATITConfig(domains=("flat", "clay"), image_size=128, ngf=32),
    UGATITConfig(global_layers=7, local_layers=5, image_size=64),
    UGATITLossWeights(cycle=3.5),
    DataConfig(("a", "b"), test_sources=("c", ""), margin=0.2),
    TrainingConfig(steps=10, weights={"cam": 1.0}),
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
        (DataConfig, {"fit": "pad"}, "DataConfig lacks the setting 'sources'"),
        (DataConfig, {"sources": 5}, "sources must be a tuple, got 5"),
        (UGATITLossWeights, {"cycle": math.nan}, "cycle must be a float, got nan"),
        (TrainingConfig, {"weights": 3}, "weights must be a dict, got 3"),
        (
            TrainingConfig,
            {"weights": {"cycle": "much"}},
            "weights must be numbers by name of a loss term, got 'much' for cycle",
        ),
        (TrainingConfig, {"weights": {"cycle": -1.0}}, "cycle must lie between 0 and"),
        (UGATITLossWeights, {"shape": 1.0}, "UGATITLossWeights knows no setting 'shape'"),
        (TrainingConfig, [], "TrainingConfig must be a JSON object, got list"),
    ],
)
def test_reading_is_strict(settings: type[Settings], values: object, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        settings.from_dict(values)


def test_integers_are_accepted_as_floats() -> None:
    assert UGATITLossWeights.from_dict({"cycle": 10}).cycle == 10


DATA = {"sources": ("a", "b")}


@pytest.mark.parametrize(
    ("settings", "values", "message"),
    [
        (UGATITConfig, {"domains": ("A", "A")}, "domains must be two different names, got ('A', 'A')"),
        (UGATITConfig, {"domains": ("A", " ")}, "domains must be two different names"),
        (UGATITConfig, {"domains": ("A",)}, "domains must be two different names"),
        (UGATITConfig, {"image_size": 30}, "image_size must be a multiple of 4 from 32 to 4096, got 30"),
        (UGATITConfig, {"image_size": 28}, "got 28"),
        (UGATITConfig, {"image_size": 10**9}, "got 1000000000"),
        (UGATITConfig, {"ngf": 0}, "ngf must lie between 1 and 1024, got 0"),
        (UGATITConfig, {"ndf": 10**6}, "ndf must lie between 1 and 1024, got 1000000"),
        (UGATITConfig, {"blocks": 10**9}, "blocks must lie between 0 and 64"),
        (UGATITConfig, {"global_layers": 2}, "global_layers must lie between 3 and 12, got 2"),
        (UGATITConfig, {"local_layers": -1}, "local_layers must lie between 3 and 12, got -1"),
        (TrainingConfig, {"steps": 0}, "steps must be at least 1, got 0"),
        (TrainingConfig, {"batch_size": 0}, "batch_size must be at least 1, got 0"),
        (TrainingConfig, {"log_every": 0}, "log_every must be at least 1, got 0"),
        (TrainingConfig, {"keep": 0}, "keep must be at least 1, got 0"),
        (TrainingConfig, {"learning_rate": 0.0}, "learning_rate must lie between 0 and 1, got 0.0"),
        (TrainingConfig, {"learning_rate": math.nan}, "learning_rate must lie between 0 and 1, got nan"),
        (TrainingConfig, {"ema": 1.0}, "ema must be 0 (off) or a decay below 1, got 1.0"),
        (TrainingConfig, {"beta1": 1.0}, "beta1 must be from 0 up and below 1, got 1.0"),
        (TrainingConfig, {"seed": -1}, "seed must lie between 0 and"),
        (TrainingConfig, {"weight_decay": math.inf}, "weight_decay must lie between 0 and 1, got inf"),
        (TrainingConfig, {"precision": "fp8"}, "precision must be auto, bf16 or fp32, got 'fp8'"),
        *((DataConfig, {**DATA, "margin": x}, "margin must lie between 0 and 1") for x in (-0.1, 1.5, math.nan)),
        *((UGATITLossWeights, {"cycle": x}, "cycle must lie between 0 and") for x in (-1.0, math.nan, math.inf)),
    ],
)
def test_invalid_value_is_refused(settings: type[Settings], values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        settings(**values)


def test_select_keeps_only_settings_of_the_class() -> None:
    assert UGATITLossWeights.select({"cycle": 1.0, "steps": 5}) == {"cycle": 1.0}


def test_defaults_are_the_published_values() -> None:
    training, network = TrainingConfig(), UGATITConfig()
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (1e-4, 0.5, 0.999, 1e-4)
    assert (training.steps, training.batch_size) == (1_000_000, 1)
    assert (network.ngf, network.blocks, network.global_layers, network.local_layers) == (64, 4, 7, 5)
    weights = {"adversarial": 1.0, "adversarial_cam": 1.0, "cycle": 10.0, "identity": 10.0, "cam": 1000.0}
    assert UGATITLossWeights().to_dict() == weights
