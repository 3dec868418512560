"""Every kind of picture opens as upright sRGB or gives an error that explains itself."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike
from PIL import Image, ImageCms

from tests import pictures
from ugatit.errors import PictureError
from ugatit.images.decoding import PictureLike, open_picture

PHOTO = np.asarray(pictures.photo())


def pixels(source: PictureLike, min_side: int | None = None) -> np.ndarray:
    """The opened picture as an array, (height, width, 3)."""
    return np.asarray(open_picture(source, min_side))


def assert_pixels(source: PictureLike, expected: ArrayLike) -> None:
    np.testing.assert_array_equal(pixels(source), np.asarray(expected))


@pytest.mark.parametrize("mode", pictures.MODES)
def test_every_mode_becomes_rgb_of_the_same_size(mode: str) -> None:
    source = pictures.any_mode(mode)
    opened = open_picture(source)
    assert (opened.mode, opened.size) == ("RGB", source.size)
    assert np.asarray(opened).std() > 20
    assert source.mode == mode


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "RGBX", "RGBa"])
def test_pixels_of_an_opaque_picture_stay_exact(mode: str) -> None:
    assert_pixels(pictures.any_mode(mode), PHOTO)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P", "La", "RGBa"])
def test_transparent_parts_are_exactly_white(mode: str) -> None:
    premultiplied = mode in ("La", "RGBa")
    source = pictures.see_through(mode.upper() if premultiplied else mode)
    opened = pixels(source.convert(mode) if premultiplied else source)
    assert (opened[:, 8:] == 255).all()
    assert (opened[:, :8] == 0).all()


def test_half_transparent_black_is_middle_gray() -> None:
    assert (pixels(Image.new("RGBA", (4, 4), (0, 0, 0, 128))) == 127).all()


def test_palette_file_with_a_transparent_colour_lies_over_white(tmp_path: Path) -> None:
    source = Image.new("P", (6, 4), 1)
    source.putpalette([255, 0, 0, 0, 0, 255])
    source.paste(0, (0, 0, 3, 4))
    source.save(tmp_path / "palette.png", transparency=1)
    opened = pixels(tmp_path / "palette.png")
    assert (opened[:, :3] == (255, 0, 0)).all()
    assert (opened[:, 3:] == 255).all()


@pytest.mark.parametrize(("mode", "colour"), [("RGB", (0, 0, 0)), ("L", 0)])
def test_colour_declared_transparent_is_white(mode: str, colour: int | tuple[int, ...], tmp_path: Path) -> None:
    Image.new(mode, (4, 4), colour).save(tmp_path / "keyed.png", transparency=colour)
    assert (pixels(tmp_path / "keyed.png") == 255).all()


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I"])
def test_sixteen_bits_are_scaled_not_clipped(mode: str) -> None:
    assert pixels(pictures.sixteen_bits(mode))[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("suffix", ["png", "tif", "pgm"])
def test_sixteen_bit_files_are_scaled(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"deep.{suffix}"
    pictures.sixteen_bits().save(path)
    assert pixels(path)[0, :, 0].tolist() == [0, 128, 255]


def test_keyed_sixteen_bit_gray_lies_over_white(tmp_path: Path) -> None:
    pictures.sixteen_bits().save(tmp_path / "keyed.png", transparency=32768)
    black, _, white = pixels(tmp_path / "keyed.png")[0, :, 0]
    assert (black, white) == (0, 255)


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 1e6])
def test_float_pictures_are_scaled_by_their_range(top: float) -> None:
    source = Image.fromarray(np.array([[0, top / 2, top]], np.float32))
    np.testing.assert_allclose(pixels(source)[0, :, 0], [0, 128, 255], atol=1)


def test_white_cmyk_is_white() -> None:
    assert (pixels(Image.new("CMYK", (2, 2), (0, 0, 0, 0))) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int, tmp_path: Path) -> None:
    stored = np.asarray(Image.open(pictures.rotated(tmp_path / "upright.jpg", 1)).convert("RGB"))
    turns = {
        1: stored,
        2: stored[:, ::-1],
        3: stored[::-1, ::-1],
        4: stored[::-1],
        5: stored.transpose(1, 0, 2),
        6: stored[::-1].transpose(1, 0, 2),
        7: stored[::-1, ::-1].transpose(1, 0, 2),
        8: stored[:, ::-1].transpose(1, 0, 2),
    }
    path = pictures.rotated(tmp_path / "turned.jpg", orientation)
    assert_pixels(path, turns[orientation])
    assert not open_picture(path).info  # a saved copy must not carry an outdated profile or orientation
    with Image.open(path) as lazy:
        assert_pixels(lazy, turns[orientation])
        assert lazy.getexif()[pictures.ORIENTATION] == orientation


def test_broken_exif_does_not_hide_the_picture(tmp_path: Path) -> None:
    pictures.photo().save(tmp_path / "odd.jpg", exif=b"Exif\x00\x00this is no TIFF header")
    assert open_picture(tmp_path / "odd.jpg").size == pictures.photo().size


@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
def test_animation_gives_its_first_frame(suffix: str, tmp_path: Path) -> None:
    red, green, blue = open_picture(pictures.animation(tmp_path / f"moving.{suffix}")).getpixel((10, 10))
    assert red > 250
    assert max(green, blue) < 5


@pytest.mark.parametrize("name", ["Füße und 猫.png", "no extension", "wrong.jpg", " spaced .gif", "-dash", "100%.txt"])
def test_file_name_does_not_matter(name: str, tmp_path: Path) -> None:
    pictures.photo().save(tmp_path / name, "PNG")
    assert_pixels(str(tmp_path / name), PHOTO)


@pytest.mark.parametrize("lightness", [0, 255])
def test_lab_black_and_white_stay_what_they_are(lightness: int) -> None:
    colour = open_picture(Image.new("LAB", (4, 4), (lightness, 128, 128))).getpixel((0, 0))
    np.testing.assert_allclose(colour, lightness, atol=1)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_profile_of_other_primaries_changes_the_colours(tmp_path: Path) -> None:
    # With red and blue primaries exchanged, and another description, pure red has to come out as blue.
    profile = srgb_profile()
    assert profile.count(b"rXYZ") == profile.count(b"bXYZ") == 1
    swapped = profile.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be"))
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "tagged.png", icc_profile=swapped)
    red, _, blue = open_picture(tmp_path / "tagged.png").getpixel((0, 0))
    assert blue > 250
    assert red < 5


@pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 200])
def test_broken_profile_is_ignored(profile: bytes, tmp_path: Path) -> None:
    pictures.photo().save(tmp_path / "odd.png", icc_profile=profile)
    assert_pixels(tmp_path / "odd.png", PHOTO)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_profile_for_other_channels_is_ignored(mode: str) -> None:
    source = pictures.photo().convert(mode)
    source.info["icc_profile"] = srgb_profile()
    assert_pixels(source, source.convert("RGB"))


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32", "float64", "bool"])
@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_arrays_are_read_by_their_type(kind: str, channels: tuple[int, ...]) -> None:
    values = np.zeros((3, 5, *channels))
    values[1:] = {"uint8": 255, "uint16": 65535}.get(kind, 1)
    opened = pixels(values.astype(kind))
    assert opened.shape == (3, 5, 3)
    assert (opened[0] == 0).all()
    assert (opened[1:] == 255).all()


def test_array_with_alpha_lies_over_white() -> None:
    assert (pixels(np.zeros((3, 5, 4), np.float32)) == 255).all()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (np.zeros((2, 3, 2), np.uint8), r"\(2, 3, 2\)"),
        (np.zeros((3, 8, 8), np.uint8), r"\(3, 8, 8\)"),
        (np.zeros(9, np.uint8), r"\(9,\)"),
        (np.zeros((0, 4, 3), np.uint8), "no pixels"),
        (np.full((2, 2), np.nan), "NaN"),
        (np.full((2, 2), np.inf), "infinity"),
        (np.full((2, 2), 200.0), "200"),
        (np.full((2, 2), -1.0), "-1"),
        (np.zeros((2, 2), np.int64), "int64"),
        (np.zeros((2, 2), complex), "complex"),
        (np.broadcast_to(np.uint8(0), (9000, 9000)), "64 million"),
        (Image.fromarray(np.array([[0, np.nan]], np.float32)), "NaN"),
        (Image.new("1", (9000, 9000)), "9000x9000"),
        (None, "NoneType"),
        (3, "int"),
        (b"bytes", "bytes"),
        ([1, 2], "list"),
    ],
)
def test_source_that_is_no_picture_is_an_error(source: object, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        open_picture(source)


def smooth(width: int, height: int) -> Image.Image:
    """A picture without detail at the scale of single pixels, like one from a camera."""
    coarse = np.random.default_rng(5).integers(0, 256, (height // 16, width // 16, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_large_jpeg_decoded_small_looks_the_same(mode: str, orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    smooth(800, 608).convert(mode).save(tmp_path / "large.jpg", quality=95, exif=exif)
    full, small = open_picture(tmp_path / "large.jpg"), open_picture(tmp_path / "large.jpg", min_side=140)
    assert small.size == tuple(side // 4 for side in full.size)
    expected = np.asarray(full.resize((64, 64), Image.Resampling.BICUBIC), float)
    assert np.abs(np.asarray(small.resize((64, 64), Image.Resampling.BICUBIC), float) - expected).mean() < 1.5


@pytest.mark.parametrize(
    ("suffix", "size", "min_side"),
    [
        *(("jpg", (800, 608), min_side) for min_side in (305, 608, 5000)),  # half of it would be too small
        *((suffix, (320, 320), 8) for suffix in ("png", "webp", "tif", "gif")),
    ],
)
def test_other_formats_and_jpegs_not_large_enough_are_decoded_in_full(
    suffix: str, size: tuple[int, int], min_side: int, tmp_path: Path
) -> None:
    path = tmp_path / f"large.{suffix}"
    smooth(*size).save(path)
    np.testing.assert_array_equal(pixels(path), pixels(path, min_side))


def test_huge_jpeg_is_refused_although_an_eighth_would_be_small(tmp_path: Path) -> None:
    Image.new("L", (9000, 8000)).save(tmp_path / "huge.jpg")
    with pytest.raises(PictureError, match="64 million"):
        open_picture(tmp_path / "huge.jpg", min_side=16)


def test_truncated_jpeg_is_an_error_at_any_size(tmp_path: Path) -> None:
    smooth(800, 608).save(tmp_path / "half.jpg")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "half.jpg").read_bytes()[:9000])
    with pytest.raises(PictureError, match=r"half\.jpg.*damaged"):
        open_picture(tmp_path / "half.jpg", min_side=100)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", pictures.BAD_FILES)
def test_bad_file_is_an_error_that_names_it(kind: str, tmp_path: Path) -> None:
    path = pictures.BAD_FILES[kind](tmp_path / "my holiday.png")
    with pytest.raises(PictureError, match=r"my holiday\.png"):
        open_picture(path)


@pytest.mark.parametrize(
    ("cause", "message"),
    [(FileNotFoundError, "vanished"), (PermissionError, "permissions"), (MemoryError, "smaller")],
)
def test_file_lost_while_it_is_read_is_an_error(
    cause: type[Exception], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise cause

    pictures.photo().save(tmp_path / "photo.png")
    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(PictureError, match=rf"photo\.png.*{message}"):
        open_picture(tmp_path / "photo.png")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's own about broken TIFF tags
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "TGA", "QOI", "PCX", "ICO"])
def test_damaged_bytes_never_raise_anything_else(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    pictures.photo().save(path, kind)
    intact = np.frombuffer(path.read_bytes(), np.uint8)
    random = np.random.default_rng(1)
    for _ in range(40):
        damaged = intact.copy()
        damaged[random.integers(0, len(intact), 6)] = random.integers(0, 256, 6)
        path.write_bytes(damaged[: random.integers(1, len(intact) + 1)].tobytes())
        with suppress(PictureError):
            assert open_picture(path).mode == "RGB"


@pytest.mark.filterwarnings("error")
def test_bomb_is_an_error_if_warnings_are_errors(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="64 million"):
        open_picture(pictures.bomb(tmp_path / "bomb.png", 10_000))


def test_picture_whose_file_was_closed_is_an_error(tmp_path: Path) -> None:
    pictures.photo().save(tmp_path / "closed.png")
    with Image.open(tmp_path / "closed.png") as lazy:
        pass
    with pytest.raises(PictureError, match=r"closed\.png"):
        open_picture(lazy)


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    errors: list[PictureError] = []

    def read() -> None:
        try:
            open_picture(tmp_path / "pipe.png")
        except PictureError as error:
            errors.append(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(timeout=10)
    assert "pipe.png" in str(errors[0])


def test_postscript_is_not_run(tmp_path: Path) -> None:
    pictures.photo().save(tmp_path / "drawing.eps")
    with pytest.raises(PictureError, match=r"drawing\.eps"):
        open_picture(tmp_path / "drawing.eps")
