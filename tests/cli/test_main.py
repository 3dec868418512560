"""The command line: real processes for each command's way through, its exit status and its one line of complaint."""

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.data.zips import good, zipped
from tests.tiny import (
    ROOT,
    SCENES,
    SIZE,
    TINY,
    command,
    environment,
    picture_folder,
    refused,
    tiny_model,
    train,
    ugatit,
)
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import read_manifest, save_weights
from ugatit.cli.main import main
from ugatit.images.decoding import open_picture
from ugatit.images.tensors import to_tensor
from ugatit.models.manifest import Manifest
from ugatit.training.events import read_events
from ugatit.training.run_settings import read_settings

STEPS = ["--steps", 2, "--checkpoint-every", 1]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    model = tiny_model()
    save_weights(folder, model, Manifest(model.name, model.config.to_dict(), title="tiny"))
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "run"
    result = train(folder, *STEPS)
    assert (result.returncode, result.stderr) == (0, "")
    return folder


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What the command line says, in this process, to those it refuses: one line, status 2."""
    try:
        status = main([*map(str, arguments)])
    except SystemExit as exit_:
        status = exit_.code
    stderr = capsys.readouterr().err
    assert status == 2
    assert stderr.count("\n") == 1, stderr
    return stderr


def test_list_names_bundled_weights_as_a_process() -> None:
    result = ugatit("list")
    assert (result.returncode, result.stderr) == (0, "")


def test_translate_does_the_rest_and_names_each_bad_picture_as_a_process(weights: Path, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "in", count=1)
    Image.new("RGB", (90, 40), "red").save(folder / "wide.jpg")
    (folder / "bad.png").write_bytes(b"no picture")
    result = ugatit(
        "translate", "--weights", weights, "--to", "square", "--output", tmp_path / "out", "--maps",
        "--precision", "fp32", "--input", folder, tmp_path / "missing.png",
    )  # fmt: skip
    assert result.returncode == 1
    bad = result.stderr.splitlines()
    assert len(bad) == 2
    assert "bad.png" in bad[0]
    assert "missing.png" in bad[1]
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["000.npz", "000.png", "wide.npz", "wide.png"]
    with Image.open(tmp_path / "out" / "wide.png") as picture:
        assert picture.size == (72, 32)

    model = load_model(weights)
    with torch.inference_mode():
        there = model.translate(to_tensor(open_picture(folder / "000.png")), "square")
        maps = {name: critic(there.image).attention_map for name, critic in model.critics("square").items()}
    with np.load(tmp_path / "out" / "000.npz") as arrays:
        assert set(arrays) == {"generator", "local", "global"}
        for name, values in {"generator": there.attention_map, **maps}.items():
            np.testing.assert_allclose(arrays[name], values[0, 0], rtol=1e-3, atol=1e-2)


def test_wrong_use_is_one_line_as_a_process(tmp_path: Path) -> None:
    message = refused(ugatit("translate", "--weights", tmp_path / "none", "--to", "x", "--input", "y", "--output", "z"))
    assert "There are no weights" in message
    assert "COMMAND" in refused(ugatit())


def test_train_makes_a_run_that_can_be_loaded(run: Path) -> None:
    config = json.loads((run / "config.json").read_text())
    assert config["network"]["domains"] == ["disc", "square"]
    assert config["data"]["domain_a"] == "scenes:disc"
    assert config["training"]["steps"] == 2
    assert load_model(run).domains == ("disc", "square")
    assert read_manifest(list_checkpoints(run / "checkpoints")[-1]).step == 2


def test_import_turns_a_run_into_weights_as_a_process(run: Path, tmp_path: Path) -> None:
    result = ugatit("import", run, "--output", tmp_path / "new", "--title", "Shapes", "--half")
    assert result.returncode == 0, result.stderr
    manifest = read_manifest(tmp_path / "new")
    assert (manifest.title, manifest.step) == ("Shapes", 2)
    ours, theirs = load_model(tmp_path / "new").state_dict(), load_model(run).state_dict()
    assert all(torch.equal(value, theirs[name].half().float()) for name, value in ours.items())


def test_imported_weights_are_not_overwritten(weights: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "already holds weights" in complaint(capsys, "import", run, "--output", weights)
    message = complaint(capsys, "import", run, "--output", weights / "new", "--domains", "a", "b")
    assert "says its own domains" in message


def translate(weights: Path, output: Path, *arguments: object) -> int:
    return main([*map(str, ("translate", "--weights", weights, "--output", output, "--to", "disc", *arguments))])


def test_two_inputs_of_one_stem_give_two_results(weights: Path, tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg", "deep/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (SIZE, SIZE), "red" if "deep" in name else "blue").save(tmp_path / name)
    inputs = [tmp_path / name for name in ("a.png", "a.jpg", "deep/a.png")]
    assert translate(weights, tmp_path / "out", "--input", *inputs) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a-2.png", "a-3.png", "a.png"]


def test_input_is_never_overwritten(weights: Path, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "in", count=2)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert translate(weights, folder, "--input", folder) == 0
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in folder.iterdir()) == ["000-2.png", "000.png", "001-2.png", "001.png"]


def test_result_at_the_inputs_size(weights: Path, tmp_path: Path) -> None:
    Image.new("RGB", (50, 41)).save(tmp_path / "a.png")
    assert translate(weights, tmp_path / "out", "--input", tmp_path / "a.png", "--resolution", "input") == 0
    with Image.open(tmp_path / "out" / "a.png") as picture:
        assert picture.size == (50, 41)


def test_nothing_but_bad_pictures_is_wrong_input(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert translate(weights, tmp_path / "out", "--input", tmp_path / "a.png") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_translation_that_cannot_begin_is_refused(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = picture_folder(tmp_path / "in", count=1) / "000.png"
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()

    def ask(to: str = "disc", source: Path = picture, output: str = "out", *more: str) -> str:
        ways = ("--weights", weights, "--to", to, "--input", source, "--output", tmp_path / output, *more)
        return complaint(capsys, "translate", *ways)

    assert "cannot translate to 'horse'; it can to: disc, square" in ask(to="horse")
    assert "empty folder" in ask(source=tmp_path / "empty")
    assert "File exists" in ask(output="file")
    assert "no device 'tpu'" in ask("disc", picture, "out", "--device", "tpu")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--domain-a and --domain-b are needed"),
        (["--domain-a", "scenes:disc"], "--domain-a and --domain-b are needed"),
        (["--domain-a", "nowhere", "--domain-b", "scenes:disc"], "no folder nowhere"),
        (["--domain-a", "scenes:cube", "--domain-b", "scenes:disc"], "no scenes of 'cube'"),
        (["--domain-a", "scenes:disc", "--domain-b", "scenes:disc"], "Both domains are scenes:disc: a pair needs"),
        ([*SCENES, "--steps", "0"], "steps must be at least 1, got 0"),
        ([*SCENES, "--image-size", "63"], "image_size must be a multiple of 4"),
        ([*SCENES, "--preset", "huge"], "invalid choice: 'huge'"),
        ([*SCENES, "--device", "cuda:9"], "no device 'cuda:9'"),
        (["--resume"], "--resume needs --run"),
        (["--resume", "--run", "nowhere"], "nowhere holds no run to resume"),
    ],
)
def test_training_that_cannot_begin_is_refused_and_leaves_nothing(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in complaint(capsys, "train", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_leaves_no_run_even_with_named_domains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    single = picture_folder(tmp_path / "single", count=1)
    for folder, message in ((tmp_path / "nowhere", "no folder"), (single, "needs at least two")):
        data = ("--domain-a", folder, "--domain-b", "scenes:disc", "--domains", "x", "y")
        assert message in complaint(capsys, "train", *data, "--run", tmp_path / "run")
        assert not (tmp_path / "run").exists()


def test_run_is_not_begun_twice(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = complaint(capsys, "train", *SCENES, *TINY, "--run", run)
    assert f"{run} already holds a run: go on with it by --resume" in message


@pytest.mark.parametrize(
    "change",
    [["--ngf", "8"], ["--domain-a", "x"], ["--margin", "0"], ["--start-from", "x"], ["--preset", "light"]],
    ids=" ".join,
)
def test_what_a_run_is_made_of_cannot_change(run: Path, change: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{change[0]} cannot change in a resumed run" in complaint(
        capsys, "train", "--resume", "--run", run, *change
    )


def test_changed_training_settings_stay_with_the_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    tiny = [*TINY, "--ndf", "2", "--blocks", "0"]
    assert main([*map(str, ("train", *SCENES, *tiny, "--run", run, "--steps", 1))]) == 0
    assert main([*map(str, ("train", "--resume", "--run", run, "--steps", 2, "--cycle", 5))]) == 0
    training = read_settings(run).training
    assert (training.steps, training.weights.cycle) == (2, 5.0)
    assert [path.name for path in list_checkpoints(run / "checkpoints")] == ["step_0000001", "step_0000002"]


def test_what_was_understood_and_dropped_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flat, clay = picture_folder(tmp_path / "flat", "disc"), picture_folder(tmp_path / "clay", "square")
    for number in range(7):
        (flat / f"torn{number}.png").write_bytes((flat / "000.png").read_bytes()[:200])
    run = tmp_path / "run"
    data = ("--domain-a", flat, "--domain-b", clay)
    assert main([*map(str, ("train", *data, *TINY, "--blocks", 0, "--steps", 1, "--run", run))]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "flat: 4 pictures to train on, 0 held out."
    assert [line.partition(":")[0] for line in said[1:6]] == [f"  dropped torn{number}.png" for number in range(5)]
    assert said[6] == "  and 2 more"
    assert any("below 50" in line for line in said)
    assert load_model(run).domains == ("flat", "clay")
    (started,) = [e for e in read_events(run / "events.jsonl") if e.get("status") == "started"]
    assert started["remarks"] == said[: len(started["remarks"])]


def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    data = [picture_folder(tmp_path / side / "photos", kind) for side, kind in (("x", "disc"), ("y", "square"))]
    run = tmp_path / "run"
    sources = ("--domain-a", data[0], "--domain-b", data[1])
    assert main([*map(str, ("train", *sources, *TINY, "--blocks", 0, "--steps", 1, "--run", run))]) == 0
    assert load_model(run).domains == ("photos A", "photos B")


def test_help_says_each_presets_defaults_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "[quick 64, light 256, paper 256]" in text
    assert "[quick yes, light yes, paper no]" in text
    assert "torchrun --nproc_per_node 2 -m -- ugatit train" in text


def test_empty_run_folder_is_not_the_current_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", *SCENES, "--run", ""])
    assert ended.value.code == 2
    assert "--run: the path is empty" in capsys.readouterr().err


def test_run_folder_that_is_no_unicode_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no name in Unicode" in complaint(capsys, "train", *SCENES, "--run", tmp_path / "run\udcff")


def test_critics_too_deep_for_the_pictures_are_refused_before_there_is_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = complaint(capsys, "train", *SCENES, *TINY, "--global-layers", 12, "--run", tmp_path / "run")
    assert "12 and 10 layers need pictures of 3072 px" in message
    assert not (tmp_path / "run").exists()


def test_what_cannot_change_leaves_a_run_as_it_was(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (run / "config.json").read_bytes()
    assert "--freeze cannot change" in complaint(capsys, "train", "--resume", "--run", run, "--freeze", "encoder")
    assert (run / "config.json").read_bytes() == before


def test_names_no_terminal_can_write_are_shown_as_escapes(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / os.fsdecode(b"caf\xe9 \xf0\x9f\x90\x88"), count=2)
    result = subprocess.run(
        command(
            "train", "--domain-a", folder, "--domain-b", "scenes:square", *TINY, "--steps", 1, "--run", tmp_path / "r"
        ),
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert read_settings(tmp_path / "r").data.domain_a == str(folder)


def test_signal_while_pictures_are_taken_in_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zipped(tmp_path / "cats.zip", good())
    folder = tmp_path / "runs" / "run"
    monkeypatch.setattr("ugatit.data.sources.write_listing", lambda *_: signal.raise_signal(signal.SIGTERM))
    arguments = ["train", "--domain-a", str(archive), "--domain-b", "scenes:square", *TINY, "--run", str(folder)]
    assert main(arguments) == 130
    assert not (tmp_path / "runs").exists()
