"""Hub datasets: only the selected files are downloaded, and the cache is used without a network."""

import fnmatch
from dataclasses import dataclass, field
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import CachedRepoTreeNotFoundError

from tests.data.zips import png, write_zip
from ugatit.data import hub
from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest
from ugatit.data.pairs import ingest_pairs
from ugatit.errors import DataError

COMMIT = "a" * 40


@dataclass
class Hub:
    """A dataset `owner/pets` whose files are in a folder. fetched: the files that were requested."""

    folder: Path
    fetched: list[str] = field(default_factory=list)

    def add(self, *names: str) -> None:
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png(sum(name.encode())))

    def snapshot_download(
        self, repository: str, *, repo_type: str, allow_patterns: list[str], revision: str = ""
    ) -> str:
        assert (repository, repo_type) == ("owner/pets", "dataset")
        assert revision in ("", COMMIT)
        self.fetched += [f.path for f in self.tree() if any(fnmatch.fnmatch(f.path, p) for p in allow_patterns)]
        return str(self.folder)

    def tree(self, *_: object, **__: object) -> list[huggingface_hub.RepoFile]:
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [
            huggingface_hub.RepoFile(path=f.relative_to(self.folder).as_posix(), size=f.stat().st_size, oid="")
            for f in files
        ]


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    stored = Hub(tmp_path / "hub" / COMMIT)
    stored.folder.mkdir(parents=True)
    (stored.folder / "README.md").write_text("Pets.")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", stored.snapshot_download)
    monkeypatch.setattr(huggingface_hub, "get_cached_repo_tree", stored.tree)
    return stored


def ingested(source: str, into: Path) -> Domain:
    return ingest(f"hub:{source}", into, "a")


def ingest_error(source: str, into: Path) -> str:
    with pytest.raises(DataError) as caught:
        ingested(source, into)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("root", ["", "data/"])
def test_split_and_label_choose_folders(root: str, pets: Hub, into: Path) -> None:
    pets.add(
        *(f"{root}{split}/{label}/{i}.png" for split in ("train", "test") for label in ("cat", "dog") for i in "12")
    )
    domain = ingested("owner/pets:train:cat", into)
    assert domain.name == "cat"
    assert domain.source == "hub:owner/pets:train:cat"
    assert pets.fetched == ["README.md", f"{root}train/cat/1.png", f"{root}train/cat/2.png"]
    assert [p.path.name for p in domain.training] == ["00001.png", "00002.png"]
    assert all(p.path.is_relative_to(into) and not p.path.is_symlink() for p in domain.training)


@pytest.mark.parametrize(
    ("files", "source", "name", "training", "held_out"),
    [
        (["cat/1.png", "cat/2.png", "dog/3.png"], "owner/pets:train:cat", "cat", 2, 0),
        (["cat/1.png", "cat/2.png", "dog/3.png"], "owner/pets:cat", "cat", 2, 0),
        (["1.png", "2.PNG", "3.png"], "owner/pets", "pets", 3, 0),
        (["train/1.png", "train/2.png", "test/3.png"], "owner/pets", "pets", 2, 1),
    ],
    ids=["labels without splits", "label in place of the split", "no folders", "train and test"],
)
def test_folders_decide_what_is_trained_on_and_held_out(
    files: list[str], source: str, name: str, training: int, held_out: int, pets: Hub, into: Path
) -> None:
    pets.add(*files)
    domain = ingest(f"hub:{source}", into, "a")
    assert (domain.name, len(domain.training), len(domain.held_out)) == (name, training, held_out)


def test_published_layout_includes_its_test_folder(pets: Hub, into: Path) -> None:
    pets.add(*(f"{folder}/{i}.png" for folder in ("trainA", "trainB", "testA", "testB") for i in "12"))
    domain = ingest("hub:owner/pets:trainB", into, "b")
    assert (len(domain.training), len(domain.held_out)) == (2, 2)
    assert pets.fetched[1:] == ["testB/1.png", "testB/2.png", "trainB/1.png", "trainB/2.png"]


def test_zips_of_a_dataset_are_opened(pets: Hub, into: Path) -> None:
    for split in ("train-00000-of-00002", "train-00001-of-00002", "test"):
        write_zip(
            pets.folder / "data" / f"{split}.zip", {f"{la}/{split}.png": png(len(la + split)) for la in ("cat", "d")}
        )
    domain = ingested("owner/pets:train:cat", into)
    assert len(domain.training) == 2
    assert pets.fetched[1:] == ["data/train-00000-of-00002.zip", "data/train-00001-of-00002.zip"]


def test_label_may_be_a_folder_of_the_only_zip(pets: Hub, into: Path) -> None:
    write_zip(pets.folder / "all.zip", {f"train/{label}/{i}.png": png(i) for label in ("cat", "dog") for i in (1, 2)})
    assert len(ingested("owner/pets:train:cat", into).training) == 2


def test_only_pictures_and_zips_are_downloaded(pets: Hub, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets.add("a/1.png", "a/2.jpg", "a/model.bin", "a/labels.csv", "b [1]/3.png")
    ingested("owner/pets", into)
    assert pets.fetched == ["README.md", "a/1.png", "a/2.jpg", "b [1]/3.png"]
    pets.fetched.clear()
    monkeypatch.setattr(hub, "MAX_PATTERNS", 1)
    ingest("hub:owner/pets", into / "again", "a")
    assert pets.fetched == ["README.md", "a/1.png", "a/2.jpg", "b [1]/3.png"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("owner/pets:train:bird", "has no label 'bird'; its folders: cat, dog, train"),
        ("owner/pets:summer", "has no split 'summer'; its folders: cat, dog, test, train"),
    ],
)
def test_missing_split_or_label_is_named_with_the_existing_folders(
    source: str, complaint: str, pets: Hub, into: Path
) -> None:
    pets.add("train/cat/1.png", "train/dog/2.png", "test/dog/3.png")
    assert complaint in ingest_error(source, into)
    assert pets.fetched == ["README.md"]


def test_tables_are_refused_with_advice(pets: Hub, into: Path) -> None:
    pets.add("data/train-00000-of-00001.parquet")
    message = ingest_error("owner/pets:train", into)
    assert "holds no pictures or zips, but .parquet. Save the pictures of its table as files" in message


@pytest.mark.parametrize(("limit", "value"), [("MAX_MEMBERS", 1), ("LARGEST_ARCHIVE", 100)])
def test_dataset_beyond_the_limits_is_not_downloaded(
    limit: str, value: int, pets: Hub, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pets.add("1.png", "2.png")
    monkeypatch.setattr(hub, limit, value)
    assert "is too large: 2 files" in ingest_error("owner/pets", into)
    assert pets.fetched == ["README.md"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client's cache, offline, with `owner/pets` in it: links to blobs, as the client stores them."""
    home = tmp_path / "cache"
    store = home / "datasets--owner--pets"
    (store / "refs").mkdir(parents=True)
    (store / "refs" / "main").write_text(COMMIT)
    (store / "blobs").mkdir()
    for number, name in enumerate(("train/cat/1.png", "train/cat/2.png", "train/dog/3.png")):
        blob = store / "blobs" / f"{number}"
        blob.write_bytes(png(number))
        link = store / "snapshots" / COMMIT / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home))
    assert constants.is_offline_mode()
    return store


def list_tree(store: Path, *names: str) -> None:
    (store / "trees").mkdir()
    entries = ", ".join(f'"{name}": {{"size": 100, "blob_id": "x"}}' for name in names)
    (store / "trees" / f"{COMMIT}.json").write_text(f'{{"format_version": 1, "files": {{{entries}}}}}')


@pytest.mark.parametrize("listed", [False, True], ids=["without a listing", "listed, without its card"])
def test_cache_is_enough_offline(listed: bool, cache: Path, into: Path) -> None:
    if listed:
        list_tree(cache, "README.md", "train/cat/1.png", "train/cat/2.png")
    assert len(ingested("owner/pets:train:cat", into).training) == 2


def test_cache_that_lacks_pictures_is_refused_offline(cache: Path, into: Path) -> None:
    list_tree(cache, "train/cat/1.png", "train/cat/2.png", "train/cat/4.png")
    assert "cannot be had from the Hub or this machine's cache" in ingest_error("owner/pets:train:cat", into)


@pytest.mark.usefixtures("cache")
def test_dataset_that_is_not_cached_is_named_offline(into: Path) -> None:
    message = ingest_error("owner/birds", into)
    assert "The data set owner/birds cannot be had" in message
    assert "Check the name and the net" in message


def test_without_a_cached_listing_the_cached_files_count(
    pets: Hub, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise CachedRepoTreeNotFoundError("none")

    pets.add("1.png", "2.png")
    monkeypatch.setattr(huggingface_hub, "get_cached_repo_tree", unknown)
    assert len(ingested("owner/pets", into).training) == 2


def test_pairs_of_a_dataset(pets: Hub, into: Path) -> None:
    pets.add(*(f"data/{side}/{number}.png" for side in "AB" for number in range(3)), "data/A/alone.png")
    a, b = ingest_pairs("hub:owner/pets", into)
    assert len(a.training) == len(b.training) == 3
    assert [(left.name, left.reason) for left in a.dropped] == [("data/A/alone.png", "has no partner in B")]
