"""The script that makes the data set of flat2clay: its rules by name, and its output for small folders."""

import hashlib
import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from weights import fluent_emoji as emoji

SCRIPT = Path(__file__).parents[2] / "weights" / "fluent_emoji.py"
SUBJECTS = [f"1f40{digit}" for digit in "0123456789abc"]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 32"><path {shape}/></svg>'
RED = (255, 0, 0)
BLUE = (0, 0, 255)
WHITE = (255, 255, 255)

Art = tuple[Path, Path]
Refusal = Callable[[Path, Path], str]


@pytest.fixture
def art(tmp_path: Path) -> Art:
    """A flat and a clay folder with the same thirteen subjects: a red and a blue square on a clear ground."""
    flat, clay = tmp_path / "flat", tmp_path / "clay"
    flat.mkdir()
    clay.mkdir()
    svg = SVG.format(width=32, shape='fill="#f00" d="M8 8h16v16h-16z"')
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((*BLUE, 255), (16, 16, 48, 48))
    for subject in SUBJECTS:
        (flat / f"{subject}.svg").write_text(svg, encoding="utf-8")
        picture.save(clay / f"{subject}.webp", lossless=True)
    return flat, clay


def lay_out(art: Art, output: Path, *more: str) -> int:
    flat, clay = art
    folders = ["--flat", str(flat), "--clay", str(clay), "--output", str(output)]
    code: int = emoji.main([*folders, "--size", "32", "--held-out", "4", *more])
    return code


def stems(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("1f98a.svg", "1f98a"),
        ("1F98A.svg", "1f98a"),
        ("2764-fe0f.webp", "2764"),
        ("2764-FE0F-200d-1f525.webp", "2764-200d-1f525"),
    ],
)
def test_subject_is_the_stem_without_presentation_selector(name: str, subject: str) -> None:
    assert emoji.subject_of(name) == subject


@pytest.mark.parametrize(
    ("subject", "family"),
    [
        ("1f680", "1f680"),
        ("1f469-200d-1f680", "1f680"),
        ("1f3c3-200d-2640-200d-27a1", "1f3c3"),
        ("1f468", "person"),
        ("1f469-200d-1f469", "person"),
        ("2764-200d-1f525", "2764-1f525"),
    ],
)
def test_family_ignores_man_woman_and_adult(subject: str, family: str) -> None:
    assert emoji.family_of(subject) == family


def test_skin_tones_and_flags_are_excluded() -> None:
    names = ["1f44b.svg", "1f44b-1f3fb.svg", "1f1e9-1f1ea.svg", "1f1fa-1f1f8.svg", "1f3f4.svg"]
    assert emoji.subjects_by_name(names) == {"1f44b": "1f44b.svg", "1f3f4": "1f3f4.svg"}


def test_of_two_files_with_one_subject_the_first_by_name_wins() -> None:
    for names in (["26a7.webp", "26a7-fe0f.webp"], ["26a7-fe0f.webp", "26a7.webp"]):
        assert emoji.subjects_by_name(names) == {"26a7": "26a7-fe0f.webp"}


def test_families_are_assigned_in_the_order_of_their_hashes() -> None:
    order = sorted(SUBJECTS, key=lambda name: hashlib.sha256(name.encode("utf-8")).hexdigest())
    parts = emoji.split(reversed(SUBJECTS), held_out=4)
    assert parts.held_out == tuple(order[:4])
    assert parts.flat == tuple(order[4::2])
    assert parts.clay == tuple(order[5::2])
    assert parts.families == 13


def test_no_family_is_in_two_groups() -> None:
    jobs = [f"{who}-200d-{job}" for job in SUBJECTS for who in ("1f468", "1f469", "1f9d1")]
    parts = emoji.split([*jobs, *SUBJECTS], held_out=6)
    groups = [{emoji.family_of(subject) for subject in group} for group in (parts.flat, parts.clay, parts.held_out)]
    assert sum(map(len, groups)) == len(set.union(*groups)) == parts.families == 13
    assert len(parts.held_out) == 8  # two whole families of four


def test_split_that_leaves_nothing_to_train_on_names_the_numbers() -> None:
    with pytest.raises(emoji.ArtError, match=r"13 subjects in 13 families .* 160 held out"):
        emoji.split(SUBJECTS)


def test_script_lays_out_four_folders_and_counts_them(art: Art, tmp_path: Path) -> None:
    flat, clay = art
    output = tmp_path / "new" / "flat2clay"
    command = [sys.executable, str(SCRIPT), "--flat", str(flat), "--clay", str(clay), "--output", str(output)]
    done = subprocess.run(
        [*command, "--size", "32", "--held-out", "4"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    counts = {name: len(stems(output / name)) for name in ("trainA", "trainB", "testA", "testB")}
    assert counts == {"trainA": 5, "trainB": 4, "testA": 4, "testB": 4}
    for name, count in counts.items():
        assert f"{output / name}: {count} pictures" in done.stdout
    assert "13 subjects, 13 families, 4 subjects held out" in done.stdout
    assert re.search(r"^\d+\.\d MB", done.stdout, re.MULTILINE)
    assert [path.name for path in output.parent.iterdir()] == ["flat2clay"]


def test_training_folders_share_no_subject_and_test_folders_are_pairs(art: Art, tmp_path: Path) -> None:
    assert lay_out(art, tmp_path / "out") == 0
    train_a, train_b, test_a, test_b = (stems(tmp_path / "out" / name) for name in emoji.FOLDERS)
    assert test_a == test_b
    assert train_a | train_b | test_a == set(SUBJECTS)
    assert len(train_a) + len(train_b) + len(test_a) == len(SUBJECTS)


@pytest.mark.parametrize(("folder", "colour"), [("trainA", RED), ("testA", RED), ("trainB", BLUE), ("testB", BLUE)])
def test_pictures_are_on_white_with_exact_colours(
    art: Art, tmp_path: Path, folder: str, colour: tuple[int, int, int]
) -> None:
    lay_out(art, tmp_path / "out")
    for path in (tmp_path / "out" / folder).iterdir():
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", (32, 32))
            assert picture.getpixel((16, 16)) == colour
            assert picture.getpixel((1, 1)) == WHITE


def test_picture_that_is_not_square_keeps_its_shape(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 128), BLUE).save(tmp_path / "tall.webp", lossless=True)
    svg = SVG.format(width=16, shape='fill="#00f" d="M0 0h16v32h-16z"')
    (tmp_path / "tall.svg").write_text(svg, encoding="utf-8")
    for name in ("tall.webp", "tall.svg"):
        picture = emoji.draw(tmp_path / name, 32)
        assert picture.size == (32, 32)
        row = [picture.getpixel((column, 16)) for column in range(32)]
        assert row == [WHITE] * 8 + [BLUE] * 16 + [WHITE] * 8


def test_assets_folder_of_an_unpacked_package_is_found(art: Art, tmp_path: Path) -> None:
    flat, clay = art
    package = tmp_path / "package"
    package.mkdir()
    flat.rename(package / "assets")
    assert lay_out((package, clay), tmp_path / "out") == 0


@pytest.mark.parametrize("damage", [b"", b"no picture", b"<svg", b"\xff\xfe\x00"])
@pytest.mark.parametrize("suffix", [".svg", ".webp"])
def test_broken_subject_is_named_and_left_out_with_its_partner(
    art: Art,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    suffix: str,
    damage: bytes,
) -> None:
    victim = emoji.split(SUBJECTS, held_out=4).held_out[0]
    broken = art[suffix == ".webp"] / f"{victim}{suffix}"
    broken.write_bytes(damage)
    assert lay_out(art, tmp_path / "out") == 1
    assert str(broken) in capsys.readouterr().err
    assert stems(tmp_path / "out" / "testA") == stems(tmp_path / "out" / "testB")
    assert victim not in stems(tmp_path / "out" / "testA")
    assert len(stems(tmp_path / "out" / "testA")) == 3


@pytest.fixture
def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Lay out two folders that must be refused, and return the message: one line, exit code 2."""

    def call(flat: Path, clay: Path) -> str:
        assert lay_out((flat, clay), tmp_path / "out") == 2
        message = capsys.readouterr().err
        assert message.count("\n") == 1
        return message

    return call


def test_missing_folder_is_refused(art: Art, tmp_path: Path, refusal: Refusal) -> None:
    assert str(tmp_path / "nowhere") in refusal(tmp_path / "nowhere", art[1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clay", "flat"]


def test_empty_folder_is_refused(art: Art, tmp_path: Path, refusal: Refusal) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refusal(art[0], empty).startswith(f"{empty} holds no .webp files")
    assert not (tmp_path / "out").exists()


def test_folders_without_a_common_subject_are_refused(art: Art, refusal: Refusal) -> None:
    for path in art[1].iterdir():
        path.rename(path.with_stem(f"{path.stem}-1f525"))
    assert "0 subjects" in refusal(*art)


def test_output_that_is_not_empty_is_not_changed(art: Art, tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept", encoding="utf-8")
    assert str(tmp_path / "out") in refusal(*art)
    assert stems(tmp_path / "out") == {"mine"}


def fake_npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts an `npm` on PATH, and nothing else, whose last argument is the folder to pack into."""
    folder.mkdir()
    npm = folder / "npm"
    npm.write_text(f"#!{sys.executable}\nimport pathlib, shutil, sys\n{script}\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_fetch_unpacks_what_npm_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "art.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.addfile(tarfile.TarInfo("package/assets/1f98a.svg"), io.BytesIO())
    fake_npm(tmp_path / "bin", f"shutil.copy({str(archive)!r}, sys.argv[-1])", monkeypatch)
    folder = emoji.fetch("art@1", tmp_path / "fetched")
    assert (folder / "assets" / "1f98a.svg").is_file()


@pytest.mark.parametrize("escape", ["../outside.svg", "package/../../outside.svg"])
def test_archive_with_paths_outside_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, escape: str) -> None:
    archive = tmp_path / "art.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.addfile(tarfile.TarInfo(escape), io.BytesIO())
    fake_npm(tmp_path / "bin", f"shutil.copy({str(archive)!r}, sys.argv[-1])", monkeypatch)
    with pytest.raises(emoji.ArtError, match="cannot be unpacked"):
        emoji.fetch("art@1", tmp_path / "fetched")
    assert not (tmp_path / "outside.svg").exists()


def test_truncated_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path / "bin", "pathlib.Path(sys.argv[-1], 'a.tgz').write_bytes(b'\\x1f\\x8b\\x08')", monkeypatch)
    with pytest.raises(emoji.ArtError, match=r"a\.tgz of art@1 cannot be unpacked"):
        emoji.fetch("art@1", tmp_path / "fetched")


def test_failing_npm_is_reported_with_the_alternative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path / "bin", "sys.exit('no such package')", monkeypatch)
    with pytest.raises(emoji.ArtError, match=r"art@1 .*no such package.*--flat and --clay"):
        emoji.fetch("art@1", tmp_path / "fetched")


def test_missing_npm_is_reported_with_the_alternative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(emoji.ArtError, match=r"npm is needed .*--flat and --clay"):
        emoji.fetch("art@1", tmp_path / "fetched")
