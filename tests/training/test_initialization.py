"""Weights to begin with: what is taken over, what begins anew, what does not fit."""

from pathlib import Path

import pytest
import torch

from tests.tiny import SCENES, TINY, picture_folder, tiny_config, tiny_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import load_weights, save_weights
from ugatit.cli.main import main
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training import run as running
from ugatit.training.events import read_events
from ugatit.training.initialization import initialized_from, network_settings
from ugatit.training.presets import PRESETS
from ugatit.training.run_settings import read_settings, settings_from_preset

SOURCES = {"domain_a": "scenes:disc", "domain_b": "scenes:square"}


@pytest.fixture(scope="module")
def start() -> UGATIT:
    return tiny_model()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory, start: UGATIT) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save_weights(folder, start, Manifest(start.name, start.config.to_dict(), title="tiny"))
    return folder


def same(ours: torch.nn.Module, theirs: torch.nn.Module) -> bool:
    states = ours.state_dict(), theirs.state_dict()
    return states[0].keys() == states[1].keys() and all(torch.equal(states[0][n], states[1][n]) for n in states[0])


def train(run: Path, *arguments: object) -> int:
    return main([*map(str, ("train", *arguments, "--run", run))])


def test_weights_bring_their_networks_and_the_preset_its_training(start: UGATIT) -> None:
    settings = settings_from_preset(PRESETS["quick"], SOURCES, start)
    assert settings.network == start.config
    assert (settings.training.batch_size, settings.training.steps) == (4, 3000)


def test_run_begins_with_the_weights_and_keeps_them(weights: Path, tmp_path: Path, start: UGATIT) -> None:
    run = tmp_path / "run"
    sizes = ("--image-size", 64, "--batch-size", 1, "--steps", 1)
    assert train(run, *SCENES, "--start-from", weights, *sizes) == 0
    first, last = list_checkpoints(run / "checkpoints")
    assert first.name == "step_0000000"
    began = load_weights(first)
    assert began.image_size == 64
    assert same(began, start)
    step = (load_weights(last).generator_ab.to_rgb.weight - start.generator_ab.to_rgb.weight).abs().max()
    assert 0 < step <= 4e-4
    assert read_settings(run).training.start_from == str(weights)


def test_run_killed_before_its_first_checkpoint_still_begins_with_the_weights(
    weights: Path, tmp_path: Path, start: UGATIT, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(running, "train_run", kill)
        patch.setattr("ugatit.training.run.train_run", kill)
        with pytest.raises(Killed):
            train(run, *SCENES, "--start-from", weights, "--batch-size", 1, "--steps", 1)
    assert not (run / "checkpoints").exists()
    assert train(run, "--resume") == 0
    assert same(load_weights(list_checkpoints(run / "checkpoints")[0]), start)


def test_deeper_critics_begin_anew_and_this_is_said(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], start: UGATIT
) -> None:
    run = tmp_path / "run"
    deeper = ("--image-size", 64, "--global-layers", 5, "--batch-size", 1, "--steps", 1)
    assert train(run, *SCENES, "--start-from", weights, *deeper) == 0
    said = "The global critics start anew: 5 layers of width 4, where the weights have 4 of width 4."
    assert said in capsys.readouterr().out.splitlines()
    assert said in next(e["remarks"] for e in read_events(run / "events.jsonl") if e.get("status") == "started")
    began = load_weights(list_checkpoints(run / "checkpoints")[0])
    assert same(began.local_a, start.local_a)
    assert same(began.generator_ba, start.generator_ba)
    assert began.global_a.layers == 5


def test_critics_too_deep_for_smaller_pictures_give_way_to_fitting_ones() -> None:
    start = tiny_model(image_size=128)
    settings = settings_from_preset(PRESETS["quick"], {**SOURCES, "image_size": 32}, start)
    assert (settings.network.global_layers, settings.network.local_layers) == (4, 3)
    remarks = initialized_from(start, settings.network)[1]
    assert [remark.split()[1] for remark in remarks] == ["local", "global"]


def test_domains_in_the_other_order_are_matched_by_name(start: UGATIT) -> None:
    model, remarks = initialized_from(start, tiny_config(domains=("square", "disc")))
    assert "disc and square in the other order" in remarks[0]
    for domain in ("disc", "square"):
        assert same(model.generator(domain), start.generator(domain))
        for name, critic in model.critics(domain).items():
            assert same(critic, start.critics(domain)[name])


def test_other_names_take_the_weights_in_their_order(start: UGATIT) -> None:
    model, remarks = initialized_from(start, tiny_config(domains=("flat", "clay")))
    assert remarks == []
    assert same(model.generator_ab, start.generator_ab)
    assert same(model.global_b, start.global_b)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ngf": 8}, "These weights have ngf 4, the run 8: set --ngf 4, or nothing"),
        ({"ngf": 8, "blocks": 2}, "have ngf 4, blocks 1, the run 8, 2: set --ngf 4 --blocks 1"),
        ({"light": False}, "have light True, the run False: set --light"),
    ],
)
def test_what_does_not_fit_the_generators_is_named_with_what_would(
    start: UGATIT, given: dict[str, object], message: str
) -> None:
    with pytest.raises(WeightsError, match=message):
        settings_from_preset(PRESETS["quick"], {**SOURCES, **given}, start)


def test_full_generators_keep_their_picture_size() -> None:
    start = tiny_model(light=False)
    assert network_settings(start, {})["image_size"] == 32
    with pytest.raises(WeightsError, match="have image_size 32, the run 64: set --image-size 32"):
        network_settings(start, {"image_size": 64})


def test_weights_that_do_not_fit_leave_no_run(weights: Path, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "pictures")
    sources = ("--domain-a", folder, "--domain-b", "scenes:square")
    assert train(tmp_path / "runs" / "run", *sources, *TINY, "--ngf", 8, "--start-from", weights) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]
