"""Snapshots of training: what is written is read back, and nothing else is taken for it."""

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
from ugatit.explain.snapshots import LARGEST_UNPACKED, SNAPSHOTS_FILE, Growth, Moment, read_snapshots, write_snapshots

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


def test_what_is_written_is_read_back_both_ways(tmp_path: Path) -> None:
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
        for one, other in zip(before.moments, after.moments, strict=True):
            np.testing.assert_array_equal(other.translations, one.translations)
            np.testing.assert_array_equal(other.cam_logits, one.cam_logits)
            assert set(other.maps) == set(SHAPES)
            for name, values in one.maps.items():
                assert other.maps[name].dtype == np.float32
                np.testing.assert_allclose(other.maps[name], values, rtol=1e-3, atol=1e-6)


def test_folder_without_snapshots_has_none(tmp_path: Path) -> None:
    assert read_snapshots(tmp_path) == ()


def test_maps_too_large_for_sixteen_bits_are_kept(tmp_path: Path) -> None:
    one = growth(steps=(1,))
    large = {name: np.full_like(values, 2e5) for name, values in one.moments[0].maps.items()}
    write_snapshots(tmp_path, [replace(one, moments=(replace(one.moments[0], maps=large),))])
    assert read_snapshots(tmp_path)[0].moments[0].maps["local"].max() == 2e5


def test_unknown_logits_stay_unknown(tmp_path: Path) -> None:
    one = growth(steps=(1,))
    unknown = replace(one.moments[0], cam_logits=np.full((2, 2), np.nan, np.float32))
    write_snapshots(tmp_path, [replace(one, moments=(unknown,))])
    assert np.isnan(read_snapshots(tmp_path)[0].moments[0].cam_logits).all()


def _without(moment: Moment, **changes: Any) -> Growth:
    return replace(growth(), moments=(*growth().moments[:1], replace(moment, **changes)))


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [replace(growth(), moments=())],
        [replace(growth(), moments=growth().moments[::-1])],
        [replace(growth(), names=("only one",))],
        [replace(growth(), names=("line\nbreak", "b"))],
        [replace(growth(), pictures=growth().pictures[:, :16])],
        [_without(growth().moments[1], translations=growth().pictures[:1])],
        [_without(growth().moments[1], maps={"generator": growth().moments[1].maps["generator"]})],
        [_without(growth().moments[1], cam_logits=np.zeros((2, 3), np.float32))],
        [_without(growth().moments[1], maps={n: np.full((2, *s), np.nan, np.float32) for n, s in SHAPES.items()})],
    ],
    ids=[
        "nothing", "no moments", "backwards", "a name too few", "no name", "no squares", "a picture too few",
        "a map too few", "three logits", "maps of NaN",
    ],
)  # fmt: skip
def test_what_could_not_be_read_back_is_not_written(wrong: list[Growth], tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth()])
    before = (tmp_path / SNAPSHOTS_FILE).read_bytes()

    with pytest.raises(WeightsError, match="cannot be kept"):
        write_snapshots(tmp_path, wrong)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {SNAPSHOTS_FILE: before}


def test_snapshots_too_large_to_travel_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "LARGEST", 10_000)
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
    ],
)
def test_arrays_of_another_making_are_refused(
    name: str, values: np.ndarray, arrays: dict[str, np.ndarray], tmp_path: Path
) -> None:
    np.savez(tmp_path / SNAPSHOTS_FILE, **{**arrays, name: values})
    with pytest.raises(WeightsError, match="damaged"):
        read_snapshots(tmp_path)


@pytest.mark.parametrize("name", ["0.names", "0.pictures", "0.steps", "0.translations.2", "0.cam_logits"])
def test_missing_arrays_are_missed(name: str, arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    del arrays[name]
    np.savez(tmp_path / SNAPSHOTS_FILE, **arrays)
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
        for _ in range(LARGEST_UNPACKED // 2**20 + 1):
            member.write(bytes(2**20))
    with pytest.raises(WeightsError, match="unpack"):
        read_snapshots(tmp_path)


def test_moments_whose_pictures_would_fill_the_memory_are_refused(
    arrays: dict[str, np.ndarray], tmp_path: Path
) -> None:
    sheet = io.BytesIO()
    Image.new("RGB", (4000, 4000)).save(sheet, "WEBP", lossless=True)
    plain = np.frombuffer(sheet.getvalue(), np.uint8)
    assert len(plain) < 10_000
    np.savez(tmp_path / SNAPSHOTS_FILE, **{**arrays, "0.names": np.array(["one"]), "0.pictures": plain})
    with pytest.raises(WeightsError, match="MB are more"):
        read_snapshots(tmp_path)


def test_header_that_promises_more_than_there_is_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": (2**45,)})
    with zipfile.ZipFile(tmp_path / SNAPSHOTS_FILE, "w") as archive:
        archive.writestr("0.way.npy", buffer.getvalue())
    with pytest.raises(WeightsError, match="damaged"):
        read_snapshots(tmp_path)
