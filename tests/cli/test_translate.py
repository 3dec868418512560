"""The command `translate`: the files it writes and the inputs it refuses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import SIZE, picture_folder, tiny_model, ugatit
from tests.tiny_stargan import attribute_model
from ugatit.checkpoints.loading import load_model
from ugatit.cli.main import main
from ugatit.images.decoding import open_picture
from ugatit.images.tensors import to_tensor


def translate(weights: Path, output: Path, *arguments: object) -> int:
    return main([*map(str, ("translate", "--weights", weights, "--output", output, "--to", "disc", *arguments))])


def test_bad_pictures_are_reported_and_all_others_translated(weights: Path, tmp_path: Path) -> None:
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
        output = model.translate(to_tensor(open_picture(folder / "000.png")), "square")
        maps = {name: critic(output.image).attention_map for name, critic in model.critics("square").items()}
    with np.load(tmp_path / "out" / "000.npz") as arrays:
        assert set(arrays) == {"generator", "local", "global"}
        for name, values in {"generator": output.attention_map, **maps}.items():
            np.testing.assert_allclose(arrays[name], values[0, 0], rtol=1e-3, atol=1e-2)


def test_inputs_of_the_same_stem_give_separate_results(weights: Path, tmp_path: Path) -> None:
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


def test_result_can_have_the_inputs_size(weights: Path, tmp_path: Path) -> None:
    Image.new("RGB", (50, 41)).save(tmp_path / "a.png")
    assert translate(weights, tmp_path / "out", "--input", tmp_path / "a.png", "--resolution", "input") == 0
    with Image.open(tmp_path / "out" / "a.png") as picture:
        assert picture.size == (50, 41)


def test_only_bad_pictures_give_status_two(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert translate(weights, tmp_path / "out", "--input", tmp_path / "a.png") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_translation_that_cannot_start_is_refused(weights: Path, tmp_path: Path, refusal: Callable[..., str]) -> None:
    picture = picture_folder(tmp_path / "in", count=1) / "000.png"
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()

    def refused(to: str = "disc", source: Path = picture, output: str = "out", *more: str) -> str:
        options = ("--weights", weights, "--to", to, "--input", source, "--output", tmp_path / output)
        return refusal("translate", *options, *more)

    assert "cannot translate to 'horse'; it can to: disc, square" in refused(to="horse")
    assert "empty folder" in refused(source=tmp_path / "empty")
    assert "File exists" in refused(output="file")
    assert "no device 'tpu'" in refused("disc", picture, "out", "--device", "tpu")


def test_maps_of_a_model_without_attention_are_the_patch_logits_of_its_critics(tmp_path: Path) -> None:
    model = tiny_model(attention=False).eval()
    model.save_pretrained(tmp_path / "plain")
    picture = picture_folder(tmp_path / "in", count=1) / "000.png"
    options = ("--input", picture, "--maps", "--device", "cpu", "--precision", "fp32")
    assert translate(tmp_path / "plain", tmp_path / "out", *options) == 0
    with torch.inference_mode():
        image = model.translate(to_tensor(open_picture(picture)), "disc").image
        logits = {name: critic(image).patch_logits[0, 0] for name, critic in model.critics("disc").items()}
    with np.load(tmp_path / "out" / "000.npz") as arrays:
        assert set(arrays) == {"local", "global"}
        for name, values in logits.items():
            np.testing.assert_allclose(arrays[name], values, rtol=1e-3, atol=1e-4)


def test_several_attributes_are_changed_and_others_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    attribute_model().save_pretrained(tmp_path / "weights")
    picture = picture_folder(tmp_path / "in", count=1) / "000.png"

    def result(name: str, *options: str) -> bytes:
        arguments = ("--input", picture, "--device", "cpu", "--precision", "fp32", *options)
        command = ("translate", "--weights", tmp_path / "weights", "--output", tmp_path / name, *arguments)
        assert main(list(map(str, command))) == 0
        return (tmp_path / name / "000.png").read_bytes()

    read = result("read", "--to", "glasses")
    present = capsys.readouterr().out.strip().rpartition("read as ")[2]
    known = "" if present == "none of the attributes" else present
    assert result("given", "--to", "glasses", "--source", *known.split(", ")) == read
    assert capsys.readouterr().out == ""
    both = result("both", "--to", "glasses", "no red hair", "--source", "red hair")
    assert both == result("alone", "--to", "glasses", "--source", "")
    with pytest.raises(SystemExit):
        main(["translate", "--weights", str(tmp_path / "weights"), "--output", "x", "--input", str(picture), "--to"])
