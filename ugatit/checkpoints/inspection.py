"""Check a `torch.save` file before torch opens it, without running its code or allocating its tensors.

`torch.load(weights_only=True)` runs no code either, but it trusts the declared sizes: a tensor of a terabyte in a file
of a kilobyte, a compressed record, more numbers than the record contains.
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
"""In bytes. The names and shapes of six networks take about 50 kB."""
LARGEST_TUPLE_COUNT = 20_000
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PICKLES = 5
"""Before torch 1.6 a file was a sequence of pickles (magic, version, system, object, storage keys), then the data."""

BYTES_PER_ITEM = {
    **dict.fromkeys(("Byte", "Char", "Bool"), 1),
    **dict.fromkeys(("Half", "BFloat16", "Short"), 2),
    **dict.fromkeys(("Float", "Int"), 4),
    **dict.fromkeys(("Double", "Long", "ComplexFloat"), 8),
    "ComplexDouble": 16,
}


@dataclass(frozen=True)
class Storage:
    """A flat array that a pickle refers to: the declared bytes of one item and of all items."""

    item_bytes: int
    total_bytes: int


class PickleInspector(pickle.Unpickler):
    """Reads a pickle without creating the tensors it describes, and adds up the bytes they need.

    Knows only the names that a state dict is made of. Raises WeightsError for any other name, before importing it.

    storage_bytes: by storage key. tensor_bytes: of all tensors together; tensors that share a storage all count.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self.storage_bytes: dict[str, int] = {}
        self.tensor_bytes = 0

    def find_class(self, module: str, name: str) -> Any:
        """Return a harmless substitute for a global of the pickle, without importing it."""
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and (size := BYTES_PER_ITEM.get(name.removesuffix("Storage"))):
            return size
        if (module, name) == ("torch.storage", "UntypedStorage"):
            return 1
        if (module, name) in (("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor")):
            return self.count_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return self.accept_parameter
        raise WeightsError(f"holds {one_line(f'{module}.{name}', 80)}, which is no tensor; nothing in it was run")

    def persistent_load(self, reference: Any) -> Storage:
        """Return the storage that a persistent id describes."""
        kind, item_bytes, key, _location, count, *_view = reference
        if kind != "storage" or type(item_bytes) is not int or type(count) is not int or count < 0:
            raise WeightsError("refers to something that is no tensor")
        storage = Storage(item_bytes, item_bytes * count)
        self.storage_bytes[str(key)] = max(storage.total_bytes, self.storage_bytes.get(str(key), 0))
        return storage

    def count_tensor(
        self, storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_rest: Any
    ) -> None:
        """Add a tensor's bytes. Raises WeightsError if its view reaches outside its storage."""
        items = math.prod(shape)
        last = offset + sum((side - 1) * step for side, step in zip(shape, strides, strict=True))
        needed = max(items, last + 1) if items else 0
        if min(0, offset, *shape, *strides) < 0 or needed * storage.item_bytes > storage.total_bytes:
            raise WeightsError(f"promises a tensor of {one_line(shape, 60)} numbers that it does not hold")
        self.tensor_bytes += items * storage.item_bytes

    def accept_parameter(self, data: None, *_rest: Any) -> None:
        """Do nothing: the tensor inside the parameter is already counted."""


def check_checkpoint_file(path: Path) -> None:
    """Raise WeightsError for a file that torch should not open.

    That is a file not written by `torch.save`, one with more than tensors and plain values, or one that needs more
    memory than twice its size. The message is a predicate ("is empty"), to be appended to the file's name.
    """
    size = path.stat().st_size
    if not size:
        raise WeightsError("is empty")
    try:
        inspector = _inspect_zip(path) if zipfile.is_zipfile(path) else _inspect_legacy(path)
    except WeightsError:
        raise
    except Exception as error:  # reading a malicious pickle can fail in any way
        raise WeightsError("is damaged, cut off, or not a file of torch.save") from error
    # Twice the size, because tied weights are stored once.
    if sum(inspector.storage_bytes.values()) > size or inspector.tensor_bytes > 2 * size:
        raise WeightsError("promises more numbers than it holds")


def _inspect_zip(path: Path) -> PickleInspector:
    check_zip_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        sizes = {member.filename: member.file_size for member in members}
        pickles = [name for name in sizes if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise WeightsError("is a zip, but not one of torch.save")
        root = pickles[0].removesuffix("data.pkl")
        uncompressed = all(m.compress_type == zipfile.ZIP_STORED and not m.flag_bits & 1 for m in members)
        under_root = all(name.startswith(root) for name in sizes)
        if not uncompressed or not under_root or len(sizes) < len(members) or sum(sizes.values()) > path.stat().st_size:
            raise WeightsError("is a zip as torch.save does not write it (compressed, or records that overlap)")
        with archive.open(pickles[0]) as file:
            inspector = _inspect_pickle(_read_pickle(io.BytesIO(file.read(LARGEST_PICKLE))))
    for key, needed in inspector.storage_bytes.items():
        if needed > sizes.get(f"{root}data/{key}", 0):
            raise WeightsError("promises more numbers than it holds")
    return inspector


def _inspect_legacy(path: Path) -> PickleInspector:
    with path.open("rb") as file:
        head = io.BytesIO(file.read(LARGEST_PICKLE))
    magic, _version, _system, content, _keys = [_read_pickle(head) for _ in range(LEGACY_PICKLES)]
    if PickleInspector(magic).load() != LEGACY_MAGIC:
        raise WeightsError("is not a file of torch.save")
    return _inspect_pickle(content)


def _read_pickle(file: BinaryIO) -> bytes:
    """Return the bytes of the next pickle in a file of several."""
    start, tuples = file.tell(), 0
    for opcode, argument, _position in pickletools.genops(file):
        # Python's unpickler allocates its memo up to the largest index in the file.
        if "PUT" in opcode.name and isinstance(argument, int) and argument > LARGEST_PICKLE:
            raise WeightsError("is damaged or hostile")
        # Tuples nested too deeply overflow the interpreter's stack when they are hashed.
        tuples += "TUPLE" in opcode.name
        if tuples > LARGEST_TUPLE_COUNT:
            raise WeightsError("is damaged or hostile")
    end = file.tell()
    file.seek(start)
    return file.read(end - start)


def _inspect_pickle(data: bytes) -> PickleInspector:
    inspector = PickleInspector(data)
    inspector.load()
    return inspector
