"""Samples of a run: raw arrays and a sheet that shows all three maps."""

import errno
from pathlib import Path
from typing import IO

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import SIZE, pictures, tiny_model
from ugatit.errors import PictureError
from ugatit.training.samples import GAP, PICTURES, draw_samples, read_sample, write_samples

COUNT = 2


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, np.ndarray]]:
    path = tmp_path_factory.mktemp("samples") / "step_0000001.png"
    held_out = {"disc": pictures(COUNT, seed=1), "square": pictures(COUNT, seed=2)}
    write_samples(path, draw_samples(tiny_model().eval(), held_out))
    with np.load(path.with_suffix(".npz")) as arrays:
        return path, dict(arrays)


def test_sheet_has_a_row_a_picture_and_a_column_each_for_pictures_and_maps(
    written: tuple[Path, dict[str, np.ndarray]],
) -> None:
    with Image.open(written[0]) as sheet:
        assert sheet.size == (6 * (SIZE + GAP), 2 * COUNT * (SIZE + GAP))


def test_arrays_are_those_of_the_networks(written: tuple[Path, dict[str, np.ndarray]]) -> None:
    arrays, model = written[1], tiny_model().eval()
    names = ("translation", "back", "generator", "local", "global")
    assert set(arrays) == {f"{domain}.{name}" for domain in ("disc", "square") for name in names}
    with torch.inference_mode():
        there = model.translate(pictures(COUNT, seed=1), "square")
        back = model.translate(there.image, "disc").image
        maps = {name: critic(there.image).attention_map for name, critic in model.critics("square").items()}
    maps["generator"] = there.attention_map
    for name, values in maps.items():
        np.testing.assert_allclose(arrays[f"disc.{name}"], values[:, 0], rtol=1e-4, atol=1e-4)
    for name, image in (("translation", there.image), ("back", back)):
        pixels = ((image + 1) * 127.5).permute(0, 2, 3, 1)
        np.testing.assert_allclose(arrays[f"disc.{name}"], pixels, atol=0.51)


def test_maps_in_the_sheet_run_from_black_to_white(written: tuple[Path, dict[str, np.ndarray]]) -> None:
    with Image.open(written[0]) as sheet:
        pixels = np.asarray(sheet)
    for column in (3, 4, 5):
        cell = pixels[:SIZE, column * (SIZE + GAP) : column * (SIZE + GAP) + SIZE]
        assert (cell.min(), cell.max()) == (0, 255)


def test_flat_map_becomes_black(tmp_path: Path) -> None:
    model = tiny_model().eval()
    for generator in (model.generator_ab, model.generator_ba):
        torch.nn.init.zeros_(generator.attention.fuse.weight)
    write_samples(tmp_path / "flat.png", draw_samples(model, {"disc": pictures(1)}))
    with Image.open(tmp_path / "flat.png") as sheet:
        cell = np.asarray(sheet)[:SIZE, 3 * (SIZE + GAP) : 3 * (SIZE + GAP) + SIZE]
    assert not cell.any()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with a sample of one picture a domain at steps 1 and 2."""
    (tmp_path / "samples").mkdir()
    for step in (1, 2):
        write(tmp_path, step)
    return tmp_path


def write(run: Path, step: int) -> None:
    held_out = {"disc": pictures(1, seed=1), "square.one": pictures(1, seed=2)}
    model = tiny_model(seed=step, domains=("disc", "square.one")).eval()
    write_samples(run / "samples" / f"step_{step:07d}.png", draw_samples(model, held_out))


def test_sources_are_written_once_and_again_where_they_are_missing(run: Path) -> None:
    sources = run / "samples" / PICTURES
    first = sources.stat()
    write(run, 3)
    assert sources.stat().st_mtime_ns == first.st_mtime_ns
    assert sources.stat().st_ino == first.st_ino
    sources.unlink()
    write(run, 4)
    with np.load(sources) as arrays:
        assert set(arrays) == {"disc.source", "square.one.source"}


def test_sample_is_read_back_as_it_was_written(run: Path) -> None:
    read = read_sample(run, 2)
    assert list(read) == ["disc", "square.one"]
    model = tiny_model(seed=2, domains=("disc", "square.one")).eval()
    drawn = draw_samples(model, {"disc": pictures(1, seed=1), "square.one": pictures(1, seed=2)})
    for domain, sample in drawn.items():
        found = read[domain]
        for tensor, pixels in ((sample.source, found.source), (sample.translation, found.translation)):
            assert pixels is not None
            assert pixels.dtype == np.uint8
            np.testing.assert_allclose(pixels, ((tensor + 1) * 127.5).permute(0, 2, 3, 1), atol=0.51)
        assert set(found.maps) == {"generator", "local", "global"}
        for name, values in sample.maps.items():
            np.testing.assert_array_equal(found.maps[name], values)
    assert not np.array_equal(read_sample(run, 1)["disc"].translation, read["disc"].translation)


def test_sample_without_its_sources_still_shows_what_became_of_them(run: Path) -> None:
    (run / "samples" / PICTURES).unlink()
    sample = read_sample(run, 1)["disc"]
    assert sample.source is None
    assert sample.back.shape == (1, SIZE, SIZE, 3)


def test_sources_of_another_shape_are_not_shown_beside_the_sample(run: Path) -> None:
    np.savez(run / "samples" / PICTURES, **{"disc.source": np.zeros((5, 8, 8, 3), np.uint8)})
    assert read_sample(run, 1)["disc"].source is None


def test_sample_that_is_not_there_is_said_so(run: Path) -> None:
    with pytest.raises(PictureError, match=r"no .*step_0000009\.npz: the run has drawn no sample at that step"):
        read_sample(run, 9)


@pytest.mark.parametrize("kept", [0, 1, 30, 0.2, 0.5, 0.9, 0.999])
def test_damaged_sample_is_refused_in_one_line(kept: float, run: Path) -> None:
    path = run / "samples" / "step_0000001.npz"
    data = path.read_bytes()
    path.write_bytes(data[: kept if isinstance(kept, int) else int(len(data) * kept)])
    with pytest.raises(PictureError, match=r"step_0000001\.npz is damaged") as caught:
        read_sample(run, 1)
    assert "\n" not in str(caught.value)


def test_sample_with_flipped_bytes_is_refused_or_read_but_never_an_unexpected_error(run: Path) -> None:
    path = run / "samples" / "step_0000001.npz"
    whole, draw = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for _ in range(100):
        data = bytearray(whole)
        for place in draw.integers(len(data), size=3):
            data[place] ^= int(draw.integers(1, 256))
        path.write_bytes(data)
        try:
            read_sample(run, 1)
        except PictureError:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize(
    ("arrays", "fault"),
    [
        ({"disc.translation": np.zeros((1, 8, 8, 3), np.uint8)}, "lacks the back"),
        ({"x": np.zeros(3)}, "lacks the translation"),
        ({"disc.translation": np.zeros((8, 8, 3)), "disc.back": np.zeros((8, 8, 3))}, r"float64 \(8, 8, 3\)"),
        ({"disc.translation": np.array([{}], object)}, "pickle"),
    ],
    ids=["half", "foreign", "types", "objects"],
)
def test_foreign_arrays_are_refused(arrays: dict[str, np.ndarray], fault: str, run: Path) -> None:
    np.savez(run / "samples" / "step_0000001.npz", **arrays)
    with pytest.raises(PictureError, match=fault):
        read_sample(run, 1)


def test_write_that_fails_leaves_neither_half_a_file_nor_a_leftover(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in (run / "samples").iterdir())

    def full_disk(file: IO[bytes], **arrays: object) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write(run, 3)
    assert sorted(path.name for path in (run / "samples").iterdir()) == before
