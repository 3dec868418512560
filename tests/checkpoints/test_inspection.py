"""Damaged and malicious checkpoint files are refused with one line, run no code and allocate no memory."""

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.published_files import assert_refused, make_checkpoint, write_checkpoint
from ugatit import load_model
from ugatit.checkpoints.inspection import PickleInspector, Storage
from ugatit.errors import WeightsError


class Command:
    """Runs a shell command when it is unpickled without checks."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (self.command,)


def pickled(content: object) -> bytes:
    return pickle.dumps(content, protocol=2)


@pytest.mark.parametrize("form", ["zip", "legacy", "pickle"])
def test_code_in_a_checkpoint_never_runs(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    sentinel = tmp_path / "sentinel"
    content = {**make_checkpoint(), "genA2B": Command(f"touch {sentinel}")}
    path = tmp_path / "evil.pt"
    if form == "pickle":
        path.write_bytes(pickled(content["genA2B"]))
    else:
        write_checkpoint(content, path, zipped=form == "zip")
    assert_refused(path, tmp_path / "out", "nothing in it was run|damaged", capsys)
    assert not sentinel.exists()


def rewritten(path: Path, change: Callable[[str, bytes], bytes] = lambda _, data: data, method: int = 0) -> Path:
    """Replace a zip by a copy with changed records, compressed with `method`."""
    with zipfile.ZipFile(path) as archive:
        records = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in records.items():
            archive.writestr(name, change(name, data))
    return path


def more_numbers(_name: str, data: bytes) -> bytes:
    """Change a pickled 70,000 to 2,147,483,647."""
    return data.replace(b"J" + (70_000).to_bytes(4, "little"), b"J" + (2**31 - 1).to_bytes(4, "little"))


def with_extra(tensor: torch.Tensor, path: Path, zipped: bool = True) -> Path:
    """Write a checkpoint that also contains `tensor`."""
    return write_checkpoint({**make_checkpoint(), "epoch": tensor}, path, zipped)


def stretched(path: Path) -> Path:
    return with_extra(torch.zeros(1).expand(10**13), path)


def overstated(path: Path) -> Path:
    return rewritten(with_extra(torch.zeros(70_000), path), more_numbers)


def overstated_legacy(path: Path) -> Path:
    with_extra(torch.zeros(70_000), path, zipped=False)
    path.write_bytes(more_numbers("", path.read_bytes()))
    return path


def compressed(path: Path) -> Path:
    return rewritten(with_extra(torch.zeros(70_000), path), method=zipfile.ZIP_DEFLATED)


def shared_many_times(path: Path) -> Path:
    numbers = torch.zeros(10**6)
    return write_checkpoint({"genA2B": {str(i): numbers.view(1000, 1000) for i in range(50)}}, path)


def endless_memo(path: Path) -> Path:
    path.write_bytes(b"\x80\x02Nr\xff\xff\xff\x7f.")
    return path


def endless_tuples(path: Path) -> Path:
    path.write_bytes(b"\x80\x02}N" + b"\x85" * 10**6 + b"Ns.")
    return path


@pytest.mark.parametrize(
    "write_bomb",
    [stretched, overstated, overstated_legacy, compressed, shared_many_times, endless_memo, endless_tuples],
    ids=lambda write: write.__name__,
)
def test_file_that_needs_more_memory_than_its_size_is_never_opened_by_torch(
    tmp_path: Path,
    write_bomb: Callable[[Path], Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write_bomb(tmp_path / "bomb.pt")
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("torch opened it"))
    assert_refused(path, tmp_path / "out", "not a checkpoint that can be read safely", capsys)


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [(1, (10,), (1,)), (0, (2,), (10,)), (0, (11,), (0,)), (-1, (2,), (1,)), (9, (2,), (-1,)), (0, (-2, -2), (1, 1))],
)
def test_view_that_leaves_its_storage_is_refused(offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
    ten_floats = Storage(4, 40)
    PickleInspector(b"").count_tensor(ten_floats, 1, (3, 3), (3, 1))
    with pytest.raises(WeightsError, match="that it does not hold"):
        PickleInspector(b"").count_tensor(ten_floats, offset, shape, strides)


def test_zip_of_too_many_names_is_refused_before_they_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_checkpoint(make_checkpoint(), tmp_path / "bomb.pt")
    with zipfile.ZipFile(path, "a") as archive:
        for i in range(60_000):
            archive.writestr(f"x/data/{i}" + "x" * 60, b"")
    assert_refused(path, tmp_path / "out", "too many files", capsys)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.99])
def test_truncated_file_is_refused(
    tmp_path: Path, kept: float, zipped: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_checkpoint(make_checkpoint(), tmp_path / "cut.pt", zipped)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert_refused(path, tmp_path / "out", "it is empty" if not kept else "damaged|promises|not a zip", capsys)


def load_error(path: Path) -> str | None:
    try:
        load_model(path)
    except WeightsError as error:
        return str(error)
    return None


@pytest.mark.parametrize("position", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_flipped_bytes_give_weights_or_an_error_that_names_the_file(tmp_path: Path, position: float) -> None:
    path = write_checkpoint(make_checkpoint(), tmp_path / "flipped.pt")
    data = bytearray(path.read_bytes())
    start = int(len(data) * position)
    data[start : start + 40] = os.urandom(40)
    path.write_bytes(data)
    message = load_error(path)
    assert message is None or "flipped.pt" in message


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 1000,
        b"not a checkpoint",
        b"\x80\x02.",
        b"\x89HDF\r\n\x1a\n" + b"\0" * 100,
        b"PK\x05\x06" + b"\0" * 18,
        b"PK\x05\x06",
        pickled({"genA2B": 1}),
        pickled(0x1950A86A20F9469CFC6C) * 5,
        b"model_checkpoint_path: 'UGATIT.model-1000001'\n",
    ],
    ids=["zeros", "text", "stop", "hdf5", "empty zip", "half a zip", "pickle", "five magics", "tensorflow"],
)
def test_other_file_formats_are_refused(tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.pt"
    path.write_bytes(data)
    assert_refused(path, tmp_path / "out", "not a checkpoint that can be read safely|is damaged", capsys)


def test_zip_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pictures.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cat.png", b"x")
    assert_refused(path, tmp_path / "out", "is a zip, but not one of torch.save", capsys)
