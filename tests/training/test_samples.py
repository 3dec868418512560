"""Samples of a run: raw arrays, a sheet with all three maps, and reading them back."""

import errno
from pathlib import Path
from typing import IO

import numpy as np
import pytest
import torch
from PIL import Image

from tests.attentive_toy import AttentiveToy
from tests.tiny import SIZE, pictures, tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.errors import PictureError
from ugatit.training.samples import GAP, PICTURES, draw_samples, read_sample, write_samples

COUNT = 2
Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Arrays]:
    path = tmp_path_factory.mktemp("samples") / "step_0000001.png"
    held_out = {"disc": pictures(COUNT, seed=1), "square": pictures(COUNT, seed=2)}
    write_samples(path, draw_samples(tiny_model().eval(), held_out))
    with np.load(path.with_suffix(".npz")) as arrays:
        return path, dict(arrays)


def test_sheet_has_a_row_per_picture_and_columns_for_pictures_and_maps(written: tuple[Path, Arrays]) -> None:
    with Image.open(written[0]) as sheet:
        assert sheet.size == (6 * (SIZE + GAP), 2 * COUNT * (SIZE + GAP))


def test_arrays_are_the_outputs_of_the_networks(written: tuple[Path, Arrays]) -> None:
    arrays, model = written[1], tiny_model().eval()
    names = ("translation", "back", "generator", "local", "global")
    assert set(arrays) == {f"{domain}.{name}" for domain in ("disc", "square") for name in names}
    with torch.inference_mode():
        translated = model.translate(pictures(COUNT, seed=1), "square")
        back = model.translate(translated.image, "disc").image
        maps = {name: critic(translated.image).attention_map for name, critic in model.critics("square").items()}
    maps["generator"] = translated.attention_map
    for name, values in maps.items():
        np.testing.assert_allclose(arrays[f"disc.{name}"], values[:, 0], rtol=1e-4, atol=1e-4)
    for name, image in (("translation", translated.image), ("back", back)):
        pixels = ((image + 1) * 127.5).permute(0, 2, 3, 1)
        np.testing.assert_allclose(arrays[f"disc.{name}"], pixels, atol=0.51)


def test_maps_in_the_sheet_run_from_black_to_white(written: tuple[Path, Arrays]) -> None:
    with Image.open(written[0]) as sheet:
        pixels = np.asarray(sheet)
    for column in (3, 4, 5):
        cell = pixels[:SIZE, column * (SIZE + GAP) : column * (SIZE + GAP) + SIZE]
        assert (cell.min(), cell.max()) == (0, 255)


def test_constant_map_becomes_black(tmp_path: Path) -> None:
    model = tiny_model().eval()
    for generator in (model.generator_ab, model.generator_ba):
        torch.nn.init.zeros_(generator.attention.fuse.weight)
    write_samples(tmp_path / "flat.png", draw_samples(model, {"disc": pictures(1)}))
    with Image.open(tmp_path / "flat.png") as sheet:
        cell = np.asarray(sheet)[:SIZE, 3 * (SIZE + GAP) : 3 * (SIZE + GAP) + SIZE]
    assert not cell.any()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with samples of one picture per domain at steps 1 and 2."""
    (tmp_path / "samples").mkdir()
    for step in (1, 2):
        write(tmp_path, step)
    return tmp_path


def write(run: Path, step: int) -> None:
    held_out = {"disc": pictures(1, seed=1), "square.one": pictures(1, seed=2)}
    model = tiny_model(seed=step, domains=("disc", "square.one")).eval()
    write_samples(run / "samples" / f"step_{step:07d}.png", draw_samples(model, held_out))


def test_sources_are_written_once_and_again_if_they_are_missing(run: Path) -> None:
    sources = run / "samples" / PICTURES
    first = sources.stat()
    write(run, 3)
    assert sources.stat().st_mtime_ns == first.st_mtime_ns
    assert sources.stat().st_ino == first.st_ino
    sources.unlink()
    write(run, 4)
    with np.load(sources) as arrays:
        assert set(arrays) == {"disc.source", "square.one.source"}


def test_sample_is_read_back_unchanged(run: Path) -> None:
    read = read_sample(run, 2)
    assert list(read) == ["disc", "square.one"]
    model = tiny_model(seed=2, domains=("disc", "square.one")).eval()
    drawn = draw_samples(model, {"disc": pictures(1, seed=1), "square.one": pictures(1, seed=2)})
    for domain, sample in drawn.items():
        stored = read[domain]
        for tensor, pixels in ((sample.source, stored.source), (sample.translation, stored.translation)):
            assert pixels is not None
            assert pixels.dtype == np.uint8
            np.testing.assert_allclose(pixels, ((tensor + 1) * 127.5).permute(0, 2, 3, 1), atol=0.51)
        assert set(stored.maps) == {"generator", "local", "global"}
        for name, values in sample.maps.items():
            np.testing.assert_array_equal(stored.maps[name], values)
    assert not np.array_equal(read_sample(run, 1)["disc"].translation, read["disc"].translation)


def test_sample_without_source_pictures_can_be_read(run: Path) -> None:
    (run / "samples" / PICTURES).unlink()
    sample = read_sample(run, 1)["disc"]
    assert sample.source is None
    assert sample.back.shape == (1, SIZE, SIZE, 3)


def test_sources_of_another_shape_are_ignored(run: Path) -> None:
    np.savez(run / "samples" / PICTURES, **{"disc.source": np.zeros((5, 8, 8, 3), np.uint8)})
    assert read_sample(run, 1)["disc"].source is None


def test_missing_sample_is_reported(run: Path) -> None:
    with pytest.raises(PictureError, match=r"no .*step_0000009\.npz: the run has drawn no sample at that step"):
        read_sample(run, 9)


@pytest.mark.parametrize("length", [0, 1, 30, 0.2, 0.5, 0.9, 0.999])
def test_truncated_sample_is_refused_in_one_line(length: float, run: Path) -> None:
    path = run / "samples" / "step_0000001.npz"
    data = path.read_bytes()
    path.write_bytes(data[: length if isinstance(length, int) else int(len(data) * length)])
    with pytest.raises(PictureError, match=r"step_0000001\.npz is damaged") as caught:
        read_sample(run, 1)
    assert "\n" not in str(caught.value)


def test_changed_bytes_never_raise_an_unexpected_error(run: Path) -> None:
    path = run / "samples" / "step_0000001.npz"
    original, random = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for _ in range(100):
        data = bytearray(original)
        for index in random.integers(len(data), size=3):
            data[index] ^= int(random.integers(1, 256))
        path.write_bytes(data)
        try:
            read_sample(run, 1)
        except PictureError:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize(
    ("arrays", "fault"),
    [
        ({"x": np.zeros(3)}, "lacks the translation"),
        ({"disc.translation": np.zeros((8, 8, 3)), "disc.back": np.zeros((8, 8, 3))}, r"float64 \(8, 8, 3\)"),
        ({"disc.translation": np.array([{}], object)}, "pickle"),
    ],
    ids=["unknown", "types", "objects"],
)
def test_unexpected_arrays_are_refused(arrays: Arrays, fault: str, run: Path) -> None:
    np.savez(run / "samples" / "step_0000001.npz", **arrays)
    with pytest.raises(PictureError, match=fault):
        read_sample(run, 1)


def test_failed_write_leaves_no_incomplete_or_temporary_file(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in (run / "samples").iterdir())

    def full_disk(file: IO[bytes], **arrays: object) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write(run, 3)
    assert sorted(path.name for path in (run / "samples").iterdir()) == before


class Narrow(Toy):
    """A toy model that translates only to some of its domains."""

    def __init__(self, *targets: str) -> None:
        super().__init__(ToyConfig())
        self.names = targets

    @property
    def targets(self) -> tuple[str, ...]:
        return self.names


def held_out_of_three() -> dict[str, torch.Tensor]:
    return {domain: pictures(COUNT, seed=seed) for seed, domain in enumerate("ABC")}


def test_without_attention_each_domain_goes_to_the_next_and_the_map_is_the_patch_scores(run: Path) -> None:
    model = Toy(ToyConfig()).eval()
    write_samples(run / "samples" / "step_0000009.png", draw_samples(model, held_out_of_three()))
    read = read_sample(run, 9)
    assert list(read) == ["A", "B", "C"]
    for origin, to, back in (("A", "B", "A"), ("B", "C", "B"), ("C", "A", "C")):
        with torch.inference_mode():
            image = model.translate(held_out_of_three()[origin], to).image
            scores = model.critics(to)["patch"](image).patch_logits[:, 0].numpy()
            returned = model.translate(image, back).image
        assert list(read[origin].maps) == ["patch"]
        np.testing.assert_allclose(read[origin].maps["patch"], scores, rtol=1e-4, atol=1e-5)
        for stored, expected in ((read[origin].translation, image), (read[origin].back, returned)):
            np.testing.assert_allclose(stored, ((expected + 1) * 127.5).permute(0, 2, 3, 1), atol=0.51)
    with Image.open(run / "samples" / "step_0000009.png") as sheet:
        assert sheet.size == (4 * (SIZE + GAP), 3 * COUNT * (SIZE + GAP))


def test_attention_maps_of_other_networks_are_kept_under_their_names() -> None:
    drawn = draw_samples(AttentiveToy(ToyConfig()).eval(), held_out_of_three())
    assert list(drawn) == ["A", "B", "C"]
    assert {tuple(sample.maps) for sample in drawn.values()} == {("generator", "small", "large")}


def test_domains_without_a_target_are_left_out_and_so_is_an_impossible_way_back(run: Path) -> None:
    path = run / "samples" / "step_0000009.png"
    write_samples(path, draw_samples(Narrow("B").eval(), held_out_of_three()))
    assert {domain: sample.back for domain, sample in read_sample(run, 9).items()} == {"A": None, "C": None}
    with Image.open(path) as sheet:
        assert sheet.size == (3 * (SIZE + GAP), 2 * COUNT * (SIZE + GAP))

    write_samples(path, draw_samples(Narrow("A", "B").eval(), held_out_of_three()))
    sample = read_sample(run, 9)
    assert [domain for domain in sample if sample[domain].back is None] == ["C"]
    with Image.open(path) as sheet:
        assert sheet.size == (4 * (SIZE + GAP), 3 * COUNT * (SIZE + GAP))
