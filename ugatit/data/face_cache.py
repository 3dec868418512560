"""Draw sets of faces once, by several processes, into the user's cache."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from ugatit.data.face_set import FaceSet
from ugatit.errors import DataError

PACKAGES = ("dicebear-core", "dicebear-styles", "resvg_py")
CHUNK = 50
"""Faces that a process draws at once."""
FEW = 2 * CHUNK
"""Up to this many faces are drawn without starting processes."""

Report = Callable[[str], object]


def cache_folder(contents: str = "faces") -> Path:
    """Return the folder of what is made once: UGATIT_CACHE, else `ugatit` in the user's cache; in it, by contents."""
    own = os.environ.get("UGATIT_CACHE")
    root = Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ugatit"
    return root / contents


def draw_faces(faces: FaceSet, seeds: Sequence[int], size: int, report: Report = lambda line: None) -> list[Path]:
    """Return the files of the faces of all seeds, lossless WebP; those that are not in the cache are drawn first.

    size: side in pixels. report: called with a line on the progress. Several processes may draw at once: one waits for
    the other. Raises DataError where the cache cannot be written to.
    """
    folder = cache_folder() / _key(faces, size)
    paths = [folder / f"{seed:06d}.webp" for seed in seeds]
    if all(path.is_file() for path in paths):
        return paths
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", fallback_to_soft=False):
            _draw_missing(faces, folder, [seed for seed, path in zip(seeds, paths, strict=True) if not path.is_file()],
                          size, report)  # fmt: skip
    except OSError as error:
        raise DataError(
            f"Faces cannot be drawn into {folder} ({error.strerror or error}): free some space, or set UGATIT_CACHE to "
            "another folder."
        ) from error
    return paths


def _draw_missing(faces: FaceSet, folder: Path, seeds: list[int], size: int, report: Report) -> None:
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    if len(seeds) <= FEW:
        for chunk in chunks:
            _draw_chunk(faces, folder, chunk, size)
        return
    report(f"Drawing {len(seeds):,} faces of {faces.style}, once.")
    methods = multiprocessing.get_all_start_methods()
    # Not by forking this process, whose threads may hold locks.
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    done, tenth = 0, max(1, len(seeds) // 10)
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        futures = [pool.submit(_draw_chunk, faces, folder, chunk, size) for chunk in chunks]
        try:
            for future, chunk in zip(futures, chunks, strict=True):
                future.result()
                before, done = done, done + len(chunk)
                if before // tenth != done // tenth and done < len(seeds):
                    report(f"  {done:,} of {len(seeds):,}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _draw_chunk(faces: FaceSet, folder: Path, seeds: Sequence[int], size: int) -> None:
    for seed in seeds:
        partial = folder / f".{seed:06d}.partial"
        try:
            faces.draw(seed, size).save(partial, "WEBP", lossless=True)
            os.replace(partial, folder / f"{seed:06d}.webp")
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _key(faces: FaceSet, size: int) -> str:
    """Return a folder name that differs for all that makes the pictures differ, also DiceBear's versions."""
    contents = [faces.style, sorted(faces.named.items()), size, [version(package) for package in PACKAGES]]
    digest = hashlib.sha256(json.dumps(contents).encode()).hexdigest()[:16]
    return f"{faces.style}-{size}-{digest}"
