"""Data sets of the Hub: only what is asked for is fetched, and the cache answers where there is no net."""

import fnmatch
from dataclasses import dataclass, field
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import CachedRepoTreeNotFoundError

from tests.data.zips import png, zipped
from ugatit.data import hub
from ugatit.data.domain import Domain
from ugatit.data.hub import HubSource
from ugatit.data.ingest import ingest
from ugatit.errors import DataError

COMMIT = "a" * 40


@dataclass
class Hub:
    """A data set `owner/pets` whose files lie in a folder; fetched: what was asked for."""

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


def taken(source: str, tmp_path: Path) -> Domain:
    return ingest(f"hub:{source}", tmp_path / "into", "a")


def refused(source: str, tmp_path: Path) -> str:
    with pytest.raises(DataError) as caught:
        taken(source, tmp_path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("root", ["", "data/"])
def test_split_and_label_choose_folders(root: str, pets: Hub, tmp_path: Path) -> None:
    pets.add(
        *(f"{root}{split}/{label}/{i}.png" for split in ("train", "test") for label in ("cat", "dog") for i in "12")
    )
    domain = taken("owner/pets:train:cat", tmp_path)
    assert domain.name == "cat"
    assert domain.source == "hub:owner/pets:train:cat"
    assert pets.fetched == ["README.md", f"{root}train/cat/1.png", f"{root}train/cat/2.png"]
    assert [p.path.name for p in domain.training] == ["00001.png", "00002.png"]
    assert all(p.path.is_relative_to(tmp_path / "into") and not p.path.is_symlink() for p in domain.training)


def test_label_may_stand_without_splits(pets: Hub, tmp_path: Path) -> None:
    pets.add("cat/1.png", "cat/2.png", "dog/3.png")
    assert len(taken("owner/pets:train:cat", tmp_path).training) == 2
    assert len(ingest("hub:owner/pets:cat", tmp_path / "other", "a").training) == 2


def test_flat_data_set_is_one_domain(pets: Hub, tmp_path: Path) -> None:
    pets.add("1.png", "2.PNG", "3.png")
    domain = taken("owner/pets", tmp_path)
    assert (domain.name, len(domain.training)) == ("pets", 3)


def test_train_and_test_of_the_whole_set_are_told_apart(pets: Hub, tmp_path: Path) -> None:
    pets.add("train/1.png", "train/2.png", "test/3.png")
    domain = taken("owner/pets", tmp_path)
    assert (len(domain.training), len(domain.held_out)) == (2, 1)


def test_published_layout_brings_its_test_folder(pets: Hub, tmp_path: Path) -> None:
    pets.add(*(f"{folder}/{i}.png" for folder in ("trainA", "trainB", "testA", "testB") for i in "12"))
    domain = ingest("hub:owner/pets:trainB", tmp_path / "into", "b")
    assert (len(domain.training), len(domain.held_out)) == (2, 2)
    assert pets.fetched[1:] == ["testB/1.png", "testB/2.png", "trainB/1.png", "trainB/2.png"]


def test_zips_of_a_data_set_are_opened(pets: Hub, tmp_path: Path) -> None:
    for split in ("train-00000-of-00002", "train-00001-of-00002", "test"):
        zipped(
            pets.folder / "data" / f"{split}.zip", {f"{la}/{split}.png": png(len(la + split)) for la in ("cat", "d")}
        )
    domain = taken("owner/pets:train:cat", tmp_path)
    assert len(domain.training) == 2
    assert pets.fetched[1:] == ["data/train-00000-of-00002.zip", "data/train-00001-of-00002.zip"]


def test_label_may_lie_in_the_only_zip(pets: Hub, tmp_path: Path) -> None:
    zipped(pets.folder / "all.zip", {f"train/{label}/{i}.png": png(i) for label in ("cat", "dog") for i in (1, 2)})
    assert len(taken("owner/pets:train:cat", tmp_path).training) == 2


def test_only_pictures_and_zips_are_fetched(pets: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pets.add("a/1.png", "a/2.jpg", "a/model.bin", "a/labels.csv", "b [1]/3.png")
    taken("owner/pets", tmp_path)
    assert pets.fetched == ["README.md", "a/1.png", "a/2.jpg", "b [1]/3.png"]
    pets.fetched.clear()
    monkeypatch.setattr(hub, "MOST_PATTERNS", 1)
    ingest("hub:owner/pets", tmp_path / "again", "a")
    assert pets.fetched == ["README.md", "a/1.png", "a/2.jpg", "b [1]/3.png"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("owner/pets:train:bird", "has no label 'bird'; its folders: cat, dog, train"),
        ("owner/pets:summer", "has no split 'summer'; its folders: cat, dog, test, train"),
    ],
)
def test_what_is_not_in_the_data_set_is_named_with_what_is(
    source: str, complaint: str, pets: Hub, tmp_path: Path
) -> None:
    pets.add("train/cat/1.png", "train/dog/2.png", "test/dog/3.png")
    assert complaint in refused(source, tmp_path)
    assert pets.fetched == ["README.md"]


def test_tables_are_refused_with_the_way_out(pets: Hub, tmp_path: Path) -> None:
    pets.add("data/train-00000-of-00001.parquet")
    message = refused("owner/pets:train", tmp_path)
    assert "holds no pictures or zips, but .parquet. Save the pictures of its table as files" in message


@pytest.mark.parametrize(("limit", "value"), [("MOST_MEMBERS", 1), ("LARGEST_ARCHIVE", 100)])
def test_data_set_beyond_the_limits_is_not_fetched(
    limit: str, value: int, pets: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pets.add("1.png", "2.png")
    monkeypatch.setattr(hub, limit, value)
    assert "is too large: 2 files" in refused("owner/pets", tmp_path)
    assert pets.fetched == ["README.md"]


@pytest.mark.parametrize("text", ["hub:", "hub:pets", "hub:a/b:c:d:e", "hub:../x", "hub:a/b/c", "hub:a/b::cat"])
def test_text_that_names_no_data_set_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="write hub:owner/name"):
        HubSource.read(text)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client's own cache, offline, with `owner/pets` in it: links to blobs, as the client keeps them."""
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


def test_cache_answers_offline(cache: Path, tmp_path: Path) -> None:
    assert len(taken("owner/pets:train:cat", tmp_path).training) == 2


def list_tree(store: Path, *names: str) -> None:
    (store / "trees").mkdir()
    entries = ", ".join(f'"{name}": {{"size": 100, "blob_id": "x"}}' for name in names)
    (store / "trees" / f"{COMMIT}.json").write_text(f'{{"format_version": 1, "files": {{{entries}}}}}')


def test_cache_without_its_card_answers_offline(cache: Path, tmp_path: Path) -> None:
    list_tree(cache, "README.md", "train/cat/1.png", "train/cat/2.png")
    assert len(taken("owner/pets:train:cat", tmp_path).training) == 2


def test_cache_that_lacks_pictures_is_refused_offline(cache: Path, tmp_path: Path) -> None:
    list_tree(cache, "train/cat/1.png", "train/cat/2.png", "train/cat/4.png")
    assert "cannot be had from the Hub or this machine's cache" in refused("owner/pets:train:cat", tmp_path)


@pytest.mark.usefixtures("cache")
def test_data_set_that_is_not_cached_is_named_offline(tmp_path: Path) -> None:
    message = refused("owner/birds", tmp_path)
    assert "The data set owner/birds cannot be had" in message
    assert "Check the name and the net" in message


def test_client_that_knows_no_tree_leaves_the_folder_to_tell(
    pets: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise CachedRepoTreeNotFoundError("none")

    pets.add("1.png", "2.png")
    monkeypatch.setattr(huggingface_hub, "get_cached_repo_tree", unknown)
    assert len(taken("owner/pets", tmp_path).training) == 2
