"""A run's folders for pictures from zips and from the Hub: partial while a source is read, all or none at the end."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ugatit.data.domain import Domain
from ugatit.errors import DataError
from ugatit.text import unused_name

DATA_FOLDER = "data"
"""The run's subfolder for pictures from zips and from the Hub."""
ALL_DOMAINS = "domains"
"""The subfolder of `DATA_FOLDER` for the domains of a source that has a folder for each."""


class SourceFolders:
    """A run's folders for unpacked pictures, by the source's number: partial while it is ingested, then final."""

    def __init__(self, parent: Path, count: int) -> None:
        self.parent = parent
        # Existing files and folders are never overwritten: they may be the user's.
        taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
        self.names = [chr(ord("a") + number) for number in range(count)] if count > 1 else [ALL_DOMAINS]
        self.final = [parent / unused_name(name, taken) for name in self.names]

    def partial(self, number: int) -> Path:
        return self.parent / f".{self.names[number]}.partial"

    def publish(self, domains: Sequence[Domain], number: int) -> tuple[Domain, ...]:
        """Rename a source's partial folder, if it has one, to its final name; return the domains with the new paths."""
        partial, final = self.partial(number), self.final[number]
        if not partial.exists():
            return tuple(domains)
        partial.rename(final)
        return tuple(domain.moved(partial, final) for domain in domains)

    def remove_partial(self) -> None:
        for number in range(len(self.names)):
            shutil.rmtree(self.partial(number), ignore_errors=True)


@contextmanager
def undone_on_failure(folder: Path, count: int) -> Iterator[SourceFolders]:
    """Yield the folders of all sources; remove them, and every folder created here, if the block fails."""
    parent = folder / DATA_FOLDER
    new = [path for path in (parent, folder) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folders = SourceFolders(parent, count)
    except OSError as error:
        raise DataError(f"{folder} cannot be used ({error.strerror}): name another --run.") from error
    folders.remove_partial()  # left by a start that was killed
    try:
        yield folders
    except BaseException:
        folders.remove_partial()
        for path in (*folders.final, *new):
            shutil.rmtree(path, ignore_errors=True)
        raise
