"""Uploaded files become weights folders that load; malicious ones are refused with one line."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.published_files import make_checkpoint, write_checkpoint
from tests.weights_folders import make_weights
from ugatit import load_model
from ugatit.checkpoints import untrusted_upload
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE
from ugatit.checkpoints.untrusted_upload import open_weights_file
from ugatit.errors import WeightsError

Members = dict[str, bytes]
Write = Callable[[Path, Members], None]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    """The two files of a weights folder."""
    folder = make_weights(tmp_path_factory.mktemp("members") / "weights")
    return {name: (folder / name).read_bytes() for name in (CONFIG_FILE, WEIGHTS_FILE)}


def write_zip(path: Path, members: Members, method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def refused(path: Path, match: str) -> None:
    """The upload raises one line that names the file but no path of this machine, and leaves no file anywhere."""
    into = path.parent / "deep" / "into"
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(WeightsError, match=match) as caught:
        open_weights_file(path, into)
    message = str(caught.value)
    assert message.startswith(path.name)
    assert "\n" not in message
    assert str(path.parent) not in message
    assert len(message) < 500
    assert list(into.iterdir()) == []
    assert sorted(path.parent.rglob("*")) == sorted([*before, into.parent, into])


@pytest.mark.parametrize(
    "names",
    ["{}", "flat2clay/{}", "flat2clay\\{}", "./{}", "a b ä/{}"],
    ids=["top", "folder", "windows", "dot", "odd name"],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_of_a_weights_folder_becomes_a_folder(tmp_path: Path, members: Members, names: str, method: int) -> None:
    others = {
        "README.md": b"x",
        "__MACOSX/config.json": b"x",
        "__MACOSX/a/._config.json": b"x",
        "inner.zip": b"PK",
        "a/b/config.json": b"x",
    }
    write_zip(tmp_path / "up.zip", {**others, **{names.format(name): data for name, data in members.items()}}, method)
    folder = open_weights_file(tmp_path / "up.zip", tmp_path / "into")
    assert folder.parent == tmp_path / "into"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == members
    assert load_model(folder).domains == ("flat", "clay")


def test_each_upload_gets_a_new_folder(tmp_path: Path, members: Members) -> None:
    write_zip(tmp_path / "up.zip", members)
    folders = {open_weights_file(tmp_path / "up.zip", tmp_path) for _ in range(3)}
    assert len(folders) == 3


@pytest.mark.parametrize("name", ["x.pt", "x.PTH", "x.ckpt"])
@pytest.mark.parametrize("zipped", [True, False])
def test_published_checkpoint_becomes_a_folder(tmp_path: Path, name: str, zipped: bool) -> None:
    write_checkpoint(make_checkpoint(), tmp_path / name, zipped)
    folder = open_weights_file(tmp_path / name, tmp_path / "into")
    assert {path.name for path in folder.iterdir()} == {CONFIG_FILE, WEIGHTS_FILE}
    assert load_model(folder).domains == ("A", "B")


def with_names(template: str) -> Write:
    return lambda path, members: write_zip(path, {template.format(name): data for name, data in members.items()})


def with_entry(name: str, **changes: int) -> Write:
    """The weights, with changed fields in the directory entry of one file."""

    def write(path: Path, members: Members) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in members.items():
                entry = zipfile.ZipInfo(member)
                if member == name:
                    for key, value in changes.items():
                        setattr(entry, key, value)
                archive.writestr(entry, data)

    return write


def replaced(**data: bytes) -> Write:
    files = {"config": CONFIG_FILE, "model": WEIGHTS_FILE}
    return lambda path, members: write_zip(path, {**members, **{files[key]: value for key, value in data.items()}})


def encrypted(path: Path, members: Members) -> None:
    write_zip(path, members)
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 8] |= 1
        start = data.find(b"PK\x01\x02", start + 4)
    path.write_bytes(data)


def with_declared_size(size: int, method: int) -> Write:
    """A zip whose directory declares `size` bytes for its last file."""

    def write(path: Path, members: Members) -> None:
        write_zip(path, members, method)
        data = bytearray(path.read_bytes())
        start = data.rfind(b"PK\x01\x02")
        data[start + 24 : start + 28] = size.to_bytes(4, "little")
        path.write_bytes(data)

    return write


def twice(path: Path, members: Members) -> None:
    """Two entries of one name. Python's writer warns of these, so they are patched in afterwards."""
    write_zip(path, {**members, CONFIG_FILE.upper(): members[CONFIG_FILE]}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(CONFIG_FILE.upper().encode(), CONFIG_FILE.encode()))


def damaged(path: Path, members: Members) -> None:
    write_zip(path, members)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path, members: Members) -> None:
    write_zip(path, members)
    path.write_bytes(path.read_bytes()[:-400])


def split_in_two(path: Path, members: Members) -> None:
    write_zip(path, {"a/config.json": members[CONFIG_FILE], "b/model.safetensors": members[WEIGHTS_FILE]})


def of_many_names(path: Path, members: Members) -> None:
    write_zip(path, members | {f"{i:0200}": b"" for i in range(20_000)})


LINK = (stat.S_IFLNK | 0o777) << 16
MALICIOUS: dict[str, tuple[Write, str]] = {
    "parent": (with_names("../{}"), "leads out of the zip"),
    "parent inside": (with_names("a/../../{}"), "leads out of the zip"),
    "windows parent": (with_names("..\\{}"), "leads out of the zip"),
    "absolute": (with_names("/tmp/{}"), "leads out of the zip"),
    "drive": (with_names("C:\\{}"), "leads out of the zip"),
    "other file outside": (lambda p, m: write_zip(p, {**m, "../../etc/passwd": b""}), "leads out of the zip"),
    "deep": (with_names("a/b/{}"), "lacks config.json"),
    "empty": (lambda p, m: write_zip(p, {}), "lacks config.json"),
    "weights alone": (lambda p, m: write_zip(p, {WEIGHTS_FILE: m[WEIGHTS_FILE]}), "lacks config.json"),
    "config alone": (lambda p, m: write_zip(p, {CONFIG_FILE: m[CONFIG_FILE]}), "lacks model.safetensors"),
    "two folders": (lambda p, m: write_zip(p, {f"{d}/{n}": m[n] for d in "ab" for n in m}), "more than once"),
    "split": (split_in_two, "in different folders"),
    "twice": (twice, "more than once"),
    "link": (with_entry(WEIGHTS_FILE, external_attr=LINK), "model.safetensors in it is a link"),
    "device": (with_entry(CONFIG_FILE, external_attr=(stat.S_IFCHR | 0o777) << 16), "config.json in it is a link"),
    "bzip2": (lambda p, m: write_zip(p, m, zipfile.ZIP_BZIP2), "compressed in an unusual way"),
    "lzma": (lambda p, m: write_zip(p, m, zipfile.ZIP_LZMA), "compressed in an unusual way"),
    "encrypted": (encrypted, "encrypted"),
    "bomb": (replaced(model=bytes(200 * 2**20)), "would unpack to 209715200 bytes"),
    "large config": (replaced(config=b" " * (2**20 + 1)), "config.json in it would unpack to 1048577 bytes"),
    "understated": (with_declared_size(100, zipfile.ZIP_DEFLATED), "damaged zip|larger than it says"),
    "overstated": (with_declared_size(2**32 - 2, zipfile.ZIP_STORED), "would unpack to 4294967294 bytes"),
    "damaged": (damaged, "damaged"),
    "cut": (cut, "neither a zip|damaged"),
    "many names": (of_many_names, "too many files"),
    "nested": (lambda p, m: (write_zip(p, m), replaced(model=p.read_bytes())(p, m))[1], "model.safetensors is damaged"),
    "no safetensors": (replaced(model=b"hello"), "model.safetensors is damaged"),
    "no json": (replaced(config=b"hello"), "config.json is not JSON"),
    "no config": (replaced(config=b"{}"), "config.json: Manifest lacks the setting 'model'"),
    "unknown model": (replaced(config=b'{"model": "bert", "network": {}}'), "no model 'bert'"),
    "title of two lines": (
        replaced(config=b'{"model": "ugatit", "network": {}, "title": "a\\nb"}'),
        "title must be one line",
    ),
    "other shapes": (replaced(config=b'{"model": "ugatit", "network": {}}'), "model.safetensors"),
}


@pytest.mark.parametrize("case", MALICIOUS)
def test_malicious_zip_is_refused(tmp_path: Path, members: Members, case: str) -> None:
    write, match = MALICIOUS[case]
    write(tmp_path / "up.zip", members)
    refused(tmp_path / "up.zip", match)


@pytest.mark.parametrize("name", ["up.zip", "up.pt", "up.txt", "up", "up.safetensors"])
@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"])
def test_other_file_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    refused(tmp_path / name, "neither a zip of a weights folder|not a checkpoint|is empty")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "gone.zip", "cannot be read: No such file")


def test_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    refused(tmp_path / "folder.zip", "neither a zip")


def test_file_name_is_shown_without_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "evil\n\x1b[31m\u202e.zip"
    path.write_bytes(b"hello")
    with pytest.raises(WeightsError, match="neither a zip") as caught:
        open_weights_file(path, tmp_path / "into")
    assert str(caught.value).isprintable()


def test_file_larger_than_allowed_is_not_opened(
    tmp_path: Path, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_zip(tmp_path / "up.zip", members)
    monkeypatch.setattr(untrusted_upload, "LARGEST_WEIGHTS", 1000)
    refused(tmp_path / "up.zip", "more than the 0 MB allowed")


def test_code_in_an_uploaded_checkpoint_never_runs(tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"

    class Touch:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (sentinel,)

    write_checkpoint({**make_checkpoint(), "genA2B": Touch()}, tmp_path / "up.pt")
    refused(tmp_path / "up.pt", "nothing in it was run")
    assert not sentinel.exists()
