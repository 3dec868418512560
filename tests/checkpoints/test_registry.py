"""Where weights come from: every kind of source, which of two wins, and what is said when there is none."""

import itertools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest
import torch
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from tests.published_files import published
from ugatit import TranslationError, load_model
from ugatit.checkpoints import registry
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, save_weights
from ugatit.cli.main import main
from ugatit.config import UGATITConfig
from ugatit.errors import ConfigError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training.checkpoint import save_checkpoint
from ugatit.training.runs import trained_weights

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"


def make_weights(folder: Path, domains: tuple[str, str] = ("flat", "clay"), description: str = "") -> Path:
    config = UGATITConfig(domains=domains, image_size=32, ngf=2, ndf=2, blocks=1)
    torch.manual_seed(0)
    folder.mkdir(parents=True)
    save_weights(folder, UGATIT(config), Manifest("ugatit", config.to_dict(), description=description))
    return folder


@pytest.fixture(autouse=True)
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bundled weights of one name, in an otherwise empty working directory."""
    make_weights(tmp_path / "shelf" / "sun2moon", ("sun", "moon"), "Turns day into night.")
    monkeypatch.setattr(registry, "BUNDLED", tmp_path / "shelf")
    monkeypatch.setattr(registry.bundled_weights, "__defaults__", (tmp_path / "shelf",))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "shelf"


def no_hub(*_: object, **__: object) -> str:
    pytest.fail("the Hub was asked")


def test_bundled_name_is_found() -> None:
    assert load_model("sun2moon").domains == ("sun", "moon")


def test_bundled_name_wins_over_a_folder_of_that_name() -> None:
    make_weights(Path("sun2moon"))
    assert load_model("sun2moon").domains == ("sun", "moon")
    assert load_model("./sun2moon").domains == ("flat", "clay")


def test_weights_folder_is_found_by_text_and_by_path(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "mine")
    for source in (folder, str(folder), folder / WEIGHTS_FILE):
        assert load_model(source).domains == ("flat", "clay")


def test_run_folder_gives_its_newest_whole_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    for step, domains in (("0000900", ("a", "old")), ("0001000", ("a", "new"))):
        make_weights(run / "checkpoints" / f"step_{step}", domains)
    make_weights(run / "checkpoints" / ".step_0002000.partial", ("a", "half-written"))
    (run / "checkpoints" / "step_0003000").mkdir()
    (run / CONFIG_FILE).write_text("{}", encoding="utf-8")
    assert load_model(run).domains == ("a", "new")


def test_number_decides_which_checkpoint_is_newest(tmp_path: Path) -> None:
    make_weights(tmp_path / "checkpoints" / "step_10000000", ("a", "new"))
    make_weights(tmp_path / "checkpoints" / "step_9999999", ("a", "old"))
    assert load_model(tmp_path).domains == ("a", "new")


def test_run_without_checkpoints_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    with pytest.raises(WeightsError, match=r"run holds neither model\.safetensors, nor a run's checkpoints, nor"):
        load_model(tmp_path / "run")


def test_published_checkpoint_is_found_by_its_file_and_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "selfie2anime"
    folder.mkdir()
    (folder / "a.pt").mkdir()
    (folder / "params_0100000.pt").write_bytes(b"an older one that would not load")
    torch.save(published(ngf=5), folder / "params_latest.pt")
    for source in (folder, folder / "params_latest.pt"):
        model = load_model(source, domains=("selfie", "anime"), image_size=64)
        assert (model.config.ngf, model.domains, model.image_size) == (5, ("selfie", "anime"), 64)


@pytest.mark.parametrize(
    "source",
    [
        "nothing",
        "a/b/c",
        "../nothing",
        "/nowhere/at/all",
        "x.pt",
        "owner/x.pt",
        "",
        " ",
        "a\nb",
        "~nobody-at-all/x",
        "a\0b",
    ],
)
def test_source_that_is_not_there_is_named_in_one_line(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", no_hub)
    with pytest.raises(WeightsError) as caught:
        load_model(source)
    assert "\n" not in str(caught.value)


def test_name_longer_than_a_file_can_have_is_refused() -> None:
    with pytest.raises(WeightsError, match="cannot be looked at"):
        load_model("x" * 5000 + "/y/z")


def test_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(WeightsError, match=r"no weights 'moon2sun': name bundled ones \(sun2moon\)"):
        load_model("moon2sun")


@pytest.mark.parametrize("name", ["somebody/cats.2-dogs", "some.body/v1.5"])
def test_hub_id_is_fetched(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_weights(tmp_path / "snapshot", ("cat", "dog"))
    asked = []

    def snapshot(repository: str, allow_patterns: list[str]) -> str:
        asked.append((repository, sorted(allow_patterns)))
        return str(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    assert load_model(name).domains == ("cat", "dog")
    assert asked == [(name, [CONFIG_FILE, WEIGHTS_FILE])]


def test_folder_on_the_disk_wins_over_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", no_hub)
    make_weights(Path("runs/mine"))
    assert load_model("runs/mine").domains == ("flat", "clay")
    Path("runs/empty").mkdir()
    with pytest.raises(WeightsError, match="runs/empty holds neither"):
        load_model("runs/empty")


def test_hub_that_is_offline_is_said_so() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(WeightsError, match="no weights 'somebody/something' on this machine or on the Hub: ") as caught:
        load_model("somebody/something")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        LocalEntryNotFoundError("not cached\nand more"),
        HfHubHTTPError.__new__(HfHubHTTPError),
        ValueError(""),
        ConnectionError("no route"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_failure_of_the_hub_is_one_line(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(
        WeightsError, match=r"no weights 'somebody/something' on this machine or on the Hub: ."
    ) as caught:
        load_model("somebody/something")
    assert "\n" not in str(caught.value)


def test_hub_id_that_cannot_be_is_refused() -> None:
    with pytest.raises(WeightsError, match="on the Hub"):
        load_model("some--body/x")


def test_hub_repository_without_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tmp_path / "here"))
    with pytest.raises(WeightsError, match=r"no readable config\.json"):
        load_model("somebody/something")


def test_model_is_in_eval_mode_on_the_device_asked_for() -> None:
    model = load_model("sun2moon", device="cpu")
    assert not any(module.training for module in model.modules())
    assert {parameter.device.type for parameter in model.parameters()} == {"cpu"}


def test_unknown_device_and_precision_are_refused() -> None:
    with pytest.raises(ConfigError, match="no device 'abacus'"):
        load_model("sun2moon", device="abacus")
    with pytest.raises(ConfigError, match="precision must be one of"):
        load_model("sun2moon", precision="fp8")


def test_unknown_domain_names_those_there_are() -> None:
    with pytest.raises(TranslationError, match="cannot translate to 'mars'; it can to: sun, moon"):
        load_model("sun2moon").translate(torch.zeros(1, 3, 32, 32), to="mars")


def test_bf16_stays_close_and_returns_float32() -> None:
    with np.load(GOLDEN / "ugatit_light.npz") as stored:
        picture = torch.from_numpy(stored["real_A"])
    exact, quick = (load_model(GOLDEN / "ugatit_light_params_latest.pt", "cpu", p) for p in ("fp32", "bf16"))
    with torch.no_grad():
        for to in "AB":
            ours, theirs = quick.translate(picture, to), exact.translate(picture, to)
            assert ours.image.dtype == torch.float32
            assert not torch.equal(ours.image, theirs.image)
            assert float((ours.image - theirs.image).abs().mean()) < 0.02
            for name in ("local", "global"):
                scores, reference = (m.critics(to)[name](picture).patch_logits for m in (quick, exact))
                assert scores.dtype == torch.float32
                assert float((scores - reference).abs().max()) < 0.01
    assert {parameter.dtype for parameter in quick.parameters()} == {torch.float32}


def test_list_names_the_weights_and_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().out.split("\n")[0].split() == [
        "sun2moon",
        "ugatit",
        "sun",
        "↔",
        "moon",
        "Turns",
        "day",
        "into",
        "night.",
    ]


def test_list_without_weights_is_empty(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (catalog / "sun2moon").iterdir():
        file.unlink()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == ""


def test_import_copies_a_run_and_keeps_where_it_came_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_weights(tmp_path / "run" / "checkpoints" / "step_0000007", description="Of a run.")
    output = tmp_path / "out"
    assert main(["import", str(tmp_path / "run"), "--output", str(output), "--half"]) == 0
    assert load_model(output).domains == ("flat", "clay")
    assert "Of a run." in (output / CONFIG_FILE).read_text(encoding="utf-8")
    assert main(["import", str(tmp_path / "run"), "--output", str(output)]) == 2
    assert "already holds weights" in capsys.readouterr().err


def test_import_as_a_process_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    done = subprocess.run(
        [sys.executable, "-m", "ugatit", "import", "broken.pt", "--output", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("python -m ugatit: broken.pt is not a checkpoint")


def make_run(root: Path, name: str, *steps: int, age: float = 0) -> Path:
    run = root / name
    for step in steps:
        make_weights(run / "checkpoints" / f"step_{step:07d}", ("a", f"b{step}"))
    run.mkdir(exist_ok=True, parents=True)
    (run / CONFIG_FILE).write_text("{}", encoding="utf-8")
    os.utime(run / CONFIG_FILE, (1e9 - age, 1e9 - age))
    return run


def test_runs_are_found_by_their_newest_weights_the_newest_run_first(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    make_run(runs, "old", 900, 1000, age=60)
    make_run(runs, "new", 5)
    make_run(runs, "without", age=-60)
    found = trained_weights(runs)
    assert [(each.name, each.folder.name, each.manifest.domains) for each in found] == [
        ("new", "step_0000005", ("a", "b5")),
        ("old", "step_0001000", ("a", "b1000")),
    ]
    assert load_model(found[1].folder).domains == ("a", "b1000")
    assert trained_weights(tmp_path / "missing") == []


def test_run_with_a_damaged_config_leaves_the_others_on_offer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (make_run(tmp_path, "bad", 5) / "checkpoints" / "step_0000005" / CONFIG_FILE).write_text("{")
    make_run(tmp_path, "good", 5)
    assert [each.name for each in trained_weights(tmp_path)] == ["good"]
    assert len(caplog.records) == 1
    assert "bad/checkpoints/step_0000005/config.json is not JSON" in caplog.text


def move_on(run: Path) -> None:
    """What a trainer does at its next checkpoint."""
    (newest,) = (run / "checkpoints").iterdir()
    step = int(newest.name.removeprefix("step_")) + 1
    make_weights(newest.with_name(f"step_{step:07d}"), ("a", f"b{step}"))
    shutil.rmtree(newest)


def test_checkpoint_that_is_pruned_while_it_is_read_gives_way_to_its_successor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, "run", 1)

    def pruned_twice(read: Callable[[Path], Any]) -> Callable[[Path], Any]:
        moments = iter([move_on, move_on])

        def reads(path: Path) -> Any:
            for move in itertools.islice(moments, 1):
                move(run)
            return read(path)

        return reads

    monkeypatch.setattr(registry, "load_weights", pruned_twice(registry.load_weights))
    monkeypatch.setattr(registry, "read_manifest", pruned_twice(registry.read_manifest))
    assert load_model(run).domains == ("a", "b3")
    (found,) = trained_weights(tmp_path)
    assert found.manifest.domains == ("a", "b5")


def test_damaged_checkpoint_of_a_run_is_named(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", 1, 2)
    (run / "checkpoints" / "step_0000002" / WEIGHTS_FILE).write_bytes(b"torn")
    with pytest.raises(WeightsError, match=r"step_0000002/model\.safetensors is damaged"):
        load_model(run)


def test_run_in_training_can_be_loaded_at_any_moment(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", 1)
    config = UGATITConfig(domains=("a", "b"), image_size=32, ngf=2, ndf=2, blocks=1)
    stop = threading.Event()

    def train() -> None:
        step = 1
        while not stop.is_set():
            step += 1
            manifest = Manifest("ugatit", config.to_dict(), step=step)
            save_checkpoint(run / "checkpoints", UGATIT(config), manifest, {}, keep=1)

    trainer = threading.Thread(target=train)
    trainer.start()
    try:
        for _ in range(12):
            assert load_model(run).domains[0] == "a"
            assert len(trained_weights(tmp_path)) == 1
    finally:
        stop.set()
        trainer.join()
