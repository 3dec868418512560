"""What a file of `torch.save` promises, read off before torch opens it: nothing in it runs, nothing is allocated.

`torch.load(weights_only=True)` runs nothing either, but it believes the sizes it is told: a tensor of a terabyte in
a file of a kilobyte, a compressed record, more numbers than the record holds.
"""

import io
import math
import pickle
import pickletools
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ugatit.data.zip_directory import check_zip_directory
from ugatit.errors import WeightsError
from ugatit.text import one_line

LARGEST_PICKLE = 4 * 2**20
"""The names and shapes of six networks take some 50 kB."""
MOST_TUPLES = 20_000
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PICKLES = 5
"""Before torch 1.6 a file was a row of pickles (magic, version, system, object, storage keys), then the numbers."""

BYTES = {
    **dict.fromkeys(("Byte", "Char", "Bool"), 1),
    **dict.fromkeys(("Half", "BFloat16", "Short"), 2),
    **dict.fromkeys(("Float", "Int"), 4),
    **dict.fromkeys(("Double", "Long", "ComplexFloat"), 8),
    "ComplexDouble": 16,
}


@dataclass(frozen=True)
class Storage:
    """A flat array that a pickle refers to: how many bytes it says one item and all of them take."""

    item: int
    size: int


class PickleInspector(pickle.Unpickler):
    """Walks a pickle without making the tensors it describes, and adds up the bytes they want.

    Only what a state dict is made of has a meaning here; any other name ends the walk before it is looked up.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self.storages: dict[str, int] = {}
        self.tensors = 0

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and (item := BYTES.get(name.removesuffix("Storage"))):
            return item
        if (module, name) == ("torch.storage", "UntypedStorage"):
            return 1
        if (module, name) in (("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor")):
            return self.count_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return self.pass_parameter
        raise WeightsError(f"holds {one_line(f'{module}.{name}', 80)}, which is no tensor; nothing in it was run")

    def persistent_load(self, reference: Any) -> Storage:
        kind, item, key, _location, count, *_view = reference
        if kind != "storage" or type(item) is not int or type(count) is not int or count < 0:
            raise WeightsError("refers to something that is no tensor")
        storage = Storage(item, item * count)
        self.storages[str(key)] = max(storage.size, self.storages.get(str(key), 0))
        return storage

    def count_tensor(
        self, storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_rest: Any
    ) -> None:
        numbers = math.prod(shape)
        last = offset + sum((side - 1) * step for side, step in zip(shape, strides, strict=True))
        wanted = max(numbers, last + 1) if numbers else 0
        if min(0, offset, *shape, *strides) < 0 or wanted * storage.item > storage.size:
            raise WeightsError(f"promises a tensor of {one_line(shape, 60)} numbers that it does not hold")
        self.tensors += numbers * storage.item

    def pass_parameter(self, data: None, *_rest: Any) -> None:
        """A parameter is the tensor in it, counted already."""


def check_checkpoint_file(path: Path) -> None:
    """Refuse a file that torch should not open.

    Raises WeightsError saying what the file does (to be put behind its name) where it is no `torch.save` file, holds
    more than tensors and plain values, or wants more memory than twice its own size.
    """
    size = path.stat().st_size
    if not size:
        raise WeightsError("is empty")
    try:
        surveyor = _survey_zip(path) if zipfile.is_zipfile(path) else _survey_legacy(path)
    except WeightsError:
        raise
    except Exception as error:  # a hostile pickle can make its walk fail in any way
        raise WeightsError("is damaged, cut off, or not a file of torch.save") from error
    # Twice, because tied weights are written once.
    if sum(surveyor.storages.values()) > size or surveyor.tensors > 2 * size:
        raise WeightsError("promises more numbers than it holds")


def _survey_zip(path: Path) -> PickleInspector:
    check_zip_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        sizes = {member.filename: member.file_size for member in members}
        pickles = [name for name in sizes if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise WeightsError("is a zip, but not one of torch.save")
        root = pickles[0].removesuffix("data.pkl")
        plain = all(m.compress_type == zipfile.ZIP_STORED and not m.flag_bits & 1 for m in members)
        rooted = all(name.startswith(root) for name in sizes)
        if not plain or not rooted or len(sizes) < len(members) or sum(sizes.values()) > path.stat().st_size:
            raise WeightsError("is a zip as torch.save does not write it (compressed, or records that overlap)")
        with archive.open(pickles[0]) as file:
            surveyor = _survey(_one_pickle(io.BytesIO(file.read(LARGEST_PICKLE))))
    for key, wanted in surveyor.storages.items():
        if wanted > sizes.get(f"{root}data/{key}", 0):
            raise WeightsError("promises more numbers than it holds")
    return surveyor


def _survey_legacy(path: Path) -> PickleInspector:
    with path.open("rb") as file:
        head = io.BytesIO(file.read(LARGEST_PICKLE))
    magic, _version, _system, content, _keys = [_one_pickle(head) for _ in range(LEGACY_PICKLES)]
    if PickleInspector(magic).load() != LEGACY_MAGIC:
        raise WeightsError("is not a file of torch.save")
    return _survey(content)


def _one_pickle(file: BinaryIO) -> bytes:
    """The next pickle of a row of them."""
    start, tuples = file.tell(), 0
    for opcode, argument, _position in pickletools.genops(file):
        # Python's unpickler makes its memo as long as the largest index it is told.
        if "PUT" in opcode.name and isinstance(argument, int) and argument > LARGEST_PICKLE:
            raise WeightsError("is damaged or hostile")
        # Tuples in tuples without end overflow the interpreter's stack when they are hashed.
        tuples += "TUPLE" in opcode.name
        if tuples > MOST_TUPLES:
            raise WeightsError("is damaged or hostile")
    end = file.tell()
    file.seek(start)
    return file.read(end - start)


def _survey(data: bytes) -> PickleInspector:
    surveyor = PickleInspector(data)
    surveyor.load()
    return surveyor
