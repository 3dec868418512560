"""Snapshots of training: a round trip through the file, and the refusal of damaged or hostile files."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ugatit.errors import WeightsError
from ugatit.explain import snapshots
from ugatit.explain.snapshots import MAX_UNPACKED_BYTES, SNAPSHOTS_FILE, Growth, Moment, read_snapshots, write_snapshots

SIDE = 32
SHAPES = {"generator": (8, 8), "local": (7, 7), "global": (3, 3)}


def growth(origin: str = "flat", to: str = "clay", count: int = 2, steps: tuple[int, ...] = (0, 50, 400)) -> Growth:
    draw = np.random.default_rng(len(origin))

    def pictures() -> np.ndarray:
        return draw.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)

    moments = tuple(
        Moment(
            step,
            pictures(),
            {name: draw.normal(size=(count, *shape)).astype(np.float32) for name, shape in SHAPES.items()},
            draw.normal(size=(count, 2)).astype(np.float32),
        )
        for step in steps
    )
    return Growth(origin, to, tuple(f"picture {n}" for n in range(count)), pictures(), moments)


def test_written_snapshots_are_read_back(tmp_path: Path) -> None:
    written = (growth(), growth("clay", "flat", count=3, steps=(7,)))

    path = write_snapshots(tmp_path, written)
    read = read_snapshots(tmp_path)

    assert path == tmp_path / SNAPSHOTS_FILE
    assert [p.name for p in tmp_path.iterdir()] == [SNAPSHOTS_FILE]
    assert len(read) == 2
    for before, after in zip(written, read, strict=True):
        assert (after.origin, after.to, after.names) == (before.origin, before.to, before.names)
        np.testing.assert_array_equal(after.pictures, before.pictures)
        assert [m.step for m in after.moments] == [m.step for m in before.moments]
        for old, new in zip(before.moments, after.moments, strict=True):
            np.testing.assert_array_equal(new.translations, old.translations)
            np.testing.assert_array_equal(new.cam_logits, old.cam_logits)
            assert set(new.maps) == set(SHAPES)
            for name, values in old.maps.items():
                assert new.maps[name].dtype == np.float32
                np.testing.assert_allclose(new.maps[name], values, rtol=1e-3, atol=1e-6)


def test_folder_without_snapshots_has_none(tmp_path: Path) -> None:
    assert read_snapshots(tmp_path) == ()


def test_maps_too_large_for_sixteen_bits_and_unknown_logits_are_kept(tmp_path: Path) -> None:
    original = growth(steps=(1,))
    large = {name: np.full_like(values, 2e5) for name, values in original.moments[0].maps.items()}
    moment = replace(original.moments[0], maps=large, cam_logits=np.full((2, 2), np.nan, np.float32))
    write_snapshots(tmp_path, [replace(original, moments=(moment,))])
    read = read_snapshots(tmp_path)[0].moments[0]
    assert read.maps["local"].max() == 2e5
    assert np.isnan(read.cam_logits).all()


def with_second_moment(**changes: Any) -> Growth:
    first, second, _ = growth().moments
    return replace(growth(), moments=(first, replace(second, **changes)))


@pytest.mark.parametrize(
    "invalid",
    [
        [],
        [replace(growth(), moments=())],
        [replace(growth(), moments=growth().moments[::-1])],
        [replace(growth(), names=("only one",))],
        [replace(growth(), names=("line\nbreak", "b"))],
        [replace(growth(), pictures=growth().pictures[:, :16])],
        [with_second_moment(translations=growth().pictures[:1])],
        [with_second_moment(maps={"generator": growth().moments[1].maps["generator"]})],
        [with_second_moment(cam_logits=np.zeros((2, 3), np.float32))],
        [with_second_moment(maps={n: np.full((2, *s), np.nan, np.float32) for n, s in SHAPES.items()})],
    ],
    ids=[
        "nothing", "no moments", "backwards", "a name too few", "no name", "no squares", "a picture too few",
        "a map too few", "three logits", "maps of NaN",
    ],
)  # fmt: skip
def test_snapshots_that_could_not_be_read_back_are_not_written(invalid: list[Growth], tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth()])
    before = (tmp_path / SNAPSHOTS_FILE).read_bytes()

    with pytest.raises(WeightsError, match="cannot be kept"):
        write_snapshots(tmp_path, invalid)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {SNAPSHOTS_FILE: before}


def test_snapshots_over_the_size_limit_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_FILE_BYTES", 10_000)
    with pytest.raises(WeightsError, match="MB"):
        write_snapshots(tmp_path, [growth()])
    assert not list(tmp_path.iterdir())


@pytest.fixture
def arrays(tmp_path: Path) -> dict[str, np.ndarray]:
    write_snapshots(tmp_path, [growth()])
    with np.load(tmp_path / SNAPSHOTS_FILE) as archive:
        return dict(archive)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.98])
def test_truncated_file_is_damaged(share: float, tmp_path: Path) -> None:
    path = write_snapshots(tmp_path, [growth()])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(WeightsError, match="damaged"):
        read_snapshots(tmp_path)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("0.steps", np.array([0.0, 1.0, 2.0])),
        ("0.steps", np.array([3, 2, 1])),
        ("0.steps", np.array([0, 1, 2, 3])),
        ("0.way", np.array(["a", "b", "c"])),
        ("0.names", np.array([b"x", b"y"])),
        ("0.names", np.array(["a\x1b[2J", "b"])),
        ("0.cam_logits", np.zeros((3, 2, 2), np.float64)),
        ("0.maps.local", np.zeros((3, 2, 7), np.float16)),
        ("0.maps.local", np.zeros((3, 2, 0, 7), np.float16)),
        ("0.pictures", np.zeros(40, np.uint8)),
        ("0.translations.1", np.zeros((2, SIDE, SIDE, 3), np.uint8)),
        ("0.names", np.array([{"an": "object"}], dtype=object)),
        *((name, None) for name in ("0.names", "0.pictures", "0.steps", "0.translations.2", "0.cam_logits")),
    ],
)
def test_files_with_invalid_or_missing_arrays_are_refused(
    name: str, values: np.ndarray | None, arrays: dict[str, np.ndarray], tmp_path: Path
) -> None:
    del arrays[name]
    np.savez(tmp_path / SNAPSHOTS_FILE, **arrays, **({} if values is None else {name: values}))
    with pytest.raises(WeightsError, match="damaged"):
        read_snapshots(tmp_path)


def test_pickled_code_is_never_run(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "ran",))

    np.savez(tmp_path / SNAPSHOTS_FILE, **{**arrays, "0.steps": np.array([Evil()], dtype=object)})
    with pytest.raises(WeightsError):
        read_snapshots(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / SNAPSHOTS_FILE, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("0.pictures.npy", "w") as member,
    ):
        for _ in range(MAX_UNPACKED_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    with pytest.raises(WeightsError, match="unpack"):
        read_snapshots(tmp_path)


def test_pictures_that_would_fill_the_memory_are_refused(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    sheet = io.BytesIO()
    Image.new("RGB", (4000, 4000)).save(sheet, "WEBP", lossless=True)
    plain = np.frombuffer(sheet.getvalue(), np.uint8)
    assert len(plain) < 10_000
    np.savez(tmp_path / SNAPSHOTS_FILE, **{**arrays, "0.names": np.array(["one"]), "0.pictures": plain})
    with pytest.raises(WeightsError, match="MB are more"):
        read_snapshots(tmp_path)


def test_array_header_larger_than_its_data_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": (2**45,)})
    with zipfile.ZipFile(tmp_path / SNAPSHOTS_FILE, "w") as archive:
        archive.writestr("0.way.npy", buffer.getvalue())
    with pytest.raises(WeightsError, match="damaged"):
        read_snapshots(tmp_path)
