"""Starting from other weights: what is copied, what is reset, what does not fit, and freezing the encoder."""

from pathlib import Path

import pytest
import torch

from tests.tiny import SCENES, TINY, picture_folder, tiny_config, tiny_model
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import load_weights, save_weights
from ugatit.cli.main import main
from ugatit.errors import TranslationError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training.events import read_events
from ugatit.training.initialization import initialize_from, network_settings
from ugatit.training.run_settings import read_settings, settings_from_preset

SOURCES = {"sources": ("scenes:disc", "scenes:square")}


@pytest.fixture(scope="module")
def start() -> UGATIT:
    return tiny_model()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory, start: UGATIT) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save_weights(folder, start, Manifest(start.name, start.config.to_dict(), title="tiny"))
    return folder


def same(first: torch.nn.Module, second: torch.nn.Module) -> bool:
    a, b = first.state_dict(), second.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def train(run: Path, *arguments: object) -> int:
    return main([*map(str, ("train", *arguments, "--run", run))])


def test_networks_come_from_the_weights_and_training_from_the_preset(start: UGATIT) -> None:
    settings = settings_from_preset(UGATIT, UGATIT.presets["quick"], SOURCES, start)
    assert settings.network == start.config
    assert (settings.training.batch_size, settings.training.steps) == (4, 3000)


def test_run_starts_from_the_weights_and_saves_them_first(weights: Path, tmp_path: Path, start: UGATIT) -> None:
    run = tmp_path / "run"
    sizes = ("--image-size", 64, "--batch-size", 1, "--steps", 1)
    assert train(run, *SCENES, "--start-from", weights, *sizes) == 0
    first, last = list_checkpoints(run / "checkpoints")
    assert first.name == "step_0000000"
    initial = load_weights(first)
    assert initial.image_size == 64
    assert same(initial, start)
    step = (load_weights(last).generator_ab.to_rgb.weight - start.generator_ab.to_rgb.weight).abs().max()
    assert 0 < step <= 4e-4
    assert read_settings(run).training.start_from == str(weights)


def test_run_killed_before_its_first_checkpoint_still_starts_from_the_weights(
    weights: Path, tmp_path: Path, start: UGATIT, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("ugatit.cli.train.train_run", kill)
        with pytest.raises(Killed):
            train(run, *SCENES, "--start-from", weights, "--batch-size", 1, "--steps", 1)
    assert not (run / "checkpoints").exists()
    assert train(run, "--resume") == 0
    assert same(load_weights(list_checkpoints(run / "checkpoints")[0]), start)


def test_deeper_critics_are_reset_with_a_remark(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], start: UGATIT
) -> None:
    run = tmp_path / "run"
    deeper = ("--image-size", 64, "--global-layers", 5, "--batch-size", 1, "--steps", 1)
    assert train(run, *SCENES, "--start-from", weights, *deeper) == 0
    remark = "The global critics start anew: 5 layers of width 4, where the weights have 4 of width 4."
    assert remark in capsys.readouterr().out.splitlines()
    assert remark in next(e["remarks"] for e in read_events(run / "events.jsonl") if e.get("status") == "started")
    initial = load_weights(list_checkpoints(run / "checkpoints")[0])
    assert same(initial.local_a, start.local_a)
    assert same(initial.generator_ba, start.generator_ba)
    assert initial.global_a.layers == 5


def test_critics_too_deep_for_smaller_pictures_get_the_default_depth() -> None:
    start = tiny_model(image_size=128)
    settings = settings_from_preset(UGATIT, UGATIT.presets["quick"], {**SOURCES, "image_size": 32}, start)
    assert (settings.network.global_layers, settings.network.local_layers) == (4, 3)
    remarks = initialize_from(UGATIT, start, settings.network)[1]
    assert [remark.split()[1] for remark in remarks] == ["local", "global"]


def test_domains_in_the_other_order_are_matched_by_name(start: UGATIT) -> None:
    model, remarks = initialize_from(UGATIT, start, tiny_config(domains=("square", "disc")))
    assert "disc and square in the other order" in remarks[0]
    for domain in ("disc", "square"):
        assert same(model.generator(domain), start.generator(domain))
        for name, critic in model.critics(domain).items():
            assert same(critic, start.critics(domain)[name])


def test_other_domain_names_are_matched_by_order(start: UGATIT) -> None:
    model, remarks = initialize_from(UGATIT, start, tiny_config(domains=("flat", "clay")))
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
def test_settings_that_do_not_fit_the_generators_are_named_with_those_that_do(
    start: UGATIT, given: dict[str, object], message: str
) -> None:
    with pytest.raises(WeightsError, match=message):
        settings_from_preset(UGATIT, UGATIT.presets["quick"], {**SOURCES, **given}, start)


def test_full_generators_keep_their_picture_size() -> None:
    start = tiny_model(light=False)
    assert network_settings(UGATIT, start, {})["image_size"] == 32
    with pytest.raises(WeightsError, match="have image_size 32, the run 64: set --image-size 32"):
        network_settings(UGATIT, start, {"image_size": 64})


def test_unfitting_weights_leave_no_run_folder(weights: Path, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "pictures")
    sources = ("--domain-a", folder, "--domain-b", "scenes:square")
    assert train(tmp_path / "runs" / "run", *sources, *TINY, "--ngf", 8, "--start-from", weights) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


def test_frozen_encoder_does_not_change_and_the_rest_learns(weights: Path, tmp_path: Path, start: UGATIT) -> None:
    run = tmp_path / "run"
    assert train(run, *SCENES, *TINY, "--start-from", weights, "--freeze", "encoder", "--steps", 2, "--ema", 0) == 0
    before, after = start.state_dict(), load_model(run, "cpu").state_dict()
    encoders = {name for name in before if name.startswith("generator_") and ".encoder." in name}
    assert encoders
    assert all(torch.equal(before[name], after[name]) for name in encoders)
    assert not torch.equal(before["generator_ab.to_rgb.weight"], after["generator_ab.to_rgb.weight"])
    assert not torch.equal(before["local_a.encoder.0.weight"], after["local_a.encoder.0.weight"])


def test_freezing_random_weights_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(tmp_path / "run", *SCENES, *TINY, "--freeze", "encoder") == 2
    message = capsys.readouterr().err
    assert "--start-from" in message
    assert message.count("\n") == 1


def test_unknown_part_cannot_be_frozen(start: UGATIT) -> None:
    with pytest.raises(TranslationError, match="'decoder'"):
        start.freeze("decoder")
