"""Domains that visitors upload or name."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from tests.data.test_attribute_table import NAMES, celeba
from tests.tiny import picture_folder
from tests.toy_package import colored_folders
from ugatit.data.attribute_table import ingest_table
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.kinds import DataKind
from ugatit.data.pairs import ingest_pairs
from ugatit.data.scenes import scene
from ugatit.errors import DataError
from viz.i18n.english import ENGLISH
from viz.tabs.access import AccessError
from viz.tabs.inputs import MAX_PICTURE_BYTES
from viz.tabs.train.staged import StagedFolders
from viz.tabs.train.staged_labels import StagedLabelled
from viz.tabs.train.staging import StagingArea, data_options, stage_domain, stage_folders


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StagingArea:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    return StagingArea()


def test_uploads_become_a_domain_and_the_run_gets_its_own_copies(staging: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=12).iterdir())
    token, staged = staging.put(files, "a")
    options = staged.data_options(tmp_path / "run", "a")
    training, held_out = tmp_path / "run/data/a", tmp_path / "run/data/a-held-out"
    assert options == [f"--domain-a={training}", f"--test-a={held_out}"]
    staging.drop(token)
    assert staging.get(token) is None
    assert not staged.folder.exists()
    domain = ingest(training, tmp_path / "elsewhere", "a", str(held_out))
    assert (len(domain.training), len(domain.held_out)) == (11, 1)


def test_a_local_folder_is_not_copied(staging: StagingArea, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    _, staged = staging.put(f" {folder} ", "b")
    assert staged.name == "mine"
    assert staged.data_options(tmp_path / "run", "b") == [f"--domain-b={folder}"]
    assert not (tmp_path / "run").exists()


def test_drawn_scenes_need_no_files(staging: StagingArea, tmp_path: Path) -> None:
    _, staged = staging.put("scenes:disc", "a")
    assert staged.data_options(tmp_path / "run", "a") == ["--domain-a=scenes:disc"]
    assert staged.strips("crop", ENGLISH)[0].thumbnails
    with pytest.raises(DataError, match="scenes:square"):
        staging.put("scenes:cat", "a")


def test_a_picture_that_is_too_large_is_left_out_and_named(staging: StagingArea, tmp_path: Path) -> None:
    files = sorted(picture_folder(tmp_path / "mine", count=3).iterdir())
    with files[0].open("ab") as file:
        file.truncate(MAX_PICTURE_BYTES + 1)
    _, staged = staging.put(files, "a")
    assert staged.domain is not None
    assert [file.name for file in staged.domain.dropped] == ["000.png"]
    assert "20 MB" in staged.domain.dropped[0].reason
    with pytest.raises(DataError, match=r"000\.png.*20 MB"):
        staging.put(files[:1], "a")


def test_a_source_that_cannot_be_used_leaves_no_files(staging: StagingArea, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(DataError, match=r"letter\.png"):
        staging.put([tmp_path / "letter.png"], "a")
    assert not any(path.is_file() for path in (tmp_path / "uploads").rglob("*"))
    assert list((tmp_path / "uploads").iterdir()) == []


def test_where_others_reach_the_page_no_local_path_is_read(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "mine")
    for path in (str(folder), f" {folder}", "mine", "../mine", "file:///etc", "Hub:owner/name"):
        with pytest.raises(AccessError, match="upload pictures"):
            stage_domain(path, "a", local_folders=False)
    assert stage_domain("scenes:disc", "a", local_folders=False).domain is None


def test_warnings_name_what_both_sides_share(staging: StagingArea, tmp_path: Path) -> None:
    a, _ = staging.put(str(picture_folder(tmp_path / "a")), "a")
    b, _ = staging.put(str(picture_folder(tmp_path / "b")), "b")
    drawn, _ = staging.put("scenes:disc", "a")
    assert any("both sides" in warning for warning in staging.warnings((a, b)))
    assert any("pears" in warning for warning in staging.warnings((a, b), ("", "pears")))
    assert staging.warnings((drawn, b)) == staging.warnings((a, "")) == []


def zip_of(folder: Path) -> Path:
    """Zip a folder with its own name as the outermost folder."""
    archive = folder.with_name(f"{folder.name}.zip")
    with ZipFile(archive, "w") as written:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            written.write(file, file.relative_to(folder.parent))
    return archive


def counts(staged: StagedFolders) -> dict[str, tuple[int, int]]:
    return {domain.name: (len(domain.training), len(domain.held_out)) for domain in staged.domains}


def test_an_uploaded_zip_with_a_folder_for_each_domain_is_copied_for_the_run_with_its_split(
    staging: StagingArea, tmp_path: Path
) -> None:
    token, staged = staging.put_source([zip_of(colored_folders(tmp_path / "colors", 12))], DataKind.FOLDERS)
    assert staged.name == "colors"
    assert counts(staged) == {"blue": (11, 1), "green": (11, 1), "red": (11, 1)}
    assert [strip.counts.partition(":")[0] for strip in staged.strips("crop", ENGLISH)] == ["blue", "green", "red"]
    held_out = {domain.name: {picture.digest for picture in domain.held_out} for domain in staged.domains}
    options = data_options(tmp_path / "run", staged)
    root = tmp_path / "run" / "data" / "uploaded"
    assert options == [f"--data={root}"]
    staging.drop(token)
    assert not staged.folder.exists()
    read = ingest_folders(root, tmp_path / "elsewhere")
    assert {domain.name: {picture.digest for picture in domain.held_out} for domain in read} == held_out
    assert [len(domain.training) for domain in read] == [11, 11, 11]


def test_a_zip_for_each_domain_is_named_after_the_zips(staging: StagingArea, tmp_path: Path) -> None:
    colors = colored_folders(tmp_path / "colors")
    _, staged = staging.put_source([zip_of(colors / color) for color in ("red", "blue")], DataKind.FOLDERS)
    assert counts(staged) == {"blue": (4, 0), "red": (4, 0)}


def test_a_local_folder_of_domains_is_not_copied(staging: StagingArea, tmp_path: Path) -> None:
    folder = colored_folders(tmp_path / "colors")
    _, staged = staging.put_source(f" {folder} ", DataKind.FOLDERS)
    assert data_options(tmp_path / "run", staged) == [f"--data={folder}"]
    assert not (tmp_path / "run").exists()


def test_a_source_without_a_folder_for_each_domain_says_what_is_wrong_and_leaves_no_files(
    staging: StagingArea, tmp_path: Path
) -> None:
    colors = colored_folders(tmp_path / "colors")
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.zip").write_text("Dear all")
    bad = colored_folders(tmp_path / "bad")
    for file in (bad / "red").iterdir():
        file.write_bytes(b"no picture")
    one = tmp_path / "one" / "red"
    one.parent.mkdir()
    (colors / "red").rename(one)
    refused: list[tuple[str | list[Path], str]] = [
        (str(tmp_path / "nowhere"), "There is no folder"),
        (str(tmp_path / "empty"), "empty"),
        (str(one.parent), "it needs one for each domain"),
        (str(one), "it needs one for each domain"),
        (sorted((colors / "blue").iterdir()), "it needs one for each domain"),
        ([tmp_path / "letter.zip"], r"letter\.zip is damaged or no zip"),
        ([zip_of(bad)], r"red holds 0 training pictures.*0\.png"),
    ]
    for source, message in refused:
        with pytest.raises(DataError, match=message):
            staging.put_source(source, DataKind.FOLDERS)
    assert not any(path.is_file() for path in (tmp_path / "uploads").rglob("*"))


def pairs_zip(folder: Path, side_by_side: bool, count: int = 12) -> Path:
    """Zip pairs of grey and coloured discs: a picture of both, or one in each of the folders A and B."""
    with ZipFile(folder / "discs.zip", "w") as archive:
        for seed in range(count):
            color = scene("disc", seed, 32)[0]
            grey = color.convert("L").convert("RGB")
            both = Image.new("RGB", (64, 32))
            both.paste(grey, (0, 0))
            both.paste(color, (32, 0))
            pictures = {"": both} if side_by_side else {"A/": grey, "B/": color}
            for place, picture in pictures.items():
                picture.save(folder / "one.png")
                archive.write(folder / "one.png", f"{place}{seed}.png")
    return folder / "discs.zip"


@pytest.mark.parametrize("side_by_side", [True, False])
def test_pairs_are_shown_by_side_and_the_run_reads_the_same_pairs(
    side_by_side: bool, staging: StagingArea, tmp_path: Path
) -> None:
    token, staged = staging.put_source([pairs_zip(tmp_path, side_by_side)], DataKind.PAIRED)
    assert (staged.name, staged.names, staged.side_by_side) == ("discs", ("A", "B"), side_by_side)
    a, b = staged.strips("crop", ENGLISH)
    assert a.counts == "A: 11 pictures to learn from · 1 set aside to watch"
    assert {thumbnail.picture.size for strip in (a, b) for thumbnail in strip.thumbnails} == {(72, 72)}
    grey, colored = (np.asarray(strip.thumbnails[0].picture).std(axis=2).max() for strip in (a, b))
    assert grey == 0 < colored
    assert [line for line in staging.source_warnings(token) if "below 50" in line]
    (option,) = data_options(tmp_path / "run", staged)
    root = Path(option.removeprefix("--data="))
    domains = ingest_pairs(root, tmp_path / "elsewhere")
    assert [(len(domain.training), len(domain.held_out)) for domain in domains] == [(11, 1)] * 2
    for again, before in zip(domains, staged.domains, strict=True):
        assert [picture.digest for picture in again.training] == [picture.digest for picture in before.training]


def test_drawn_pairs_need_no_files_and_others_are_refused(staging: StagingArea, tmp_path: Path) -> None:
    _, staged = staging.put_source(" faces:adventurer ", DataKind.PAIRED)
    assert [bool(strip.thumbnails) for strip in staged.strips("crop", ENGLISH)] == [True, True]
    assert (data_options(tmp_path / "run", staged), staged.names) == (["--data=faces:adventurer"], ())
    refused: list[tuple[str, str]] = [
        ("faces:lorelei", "not drawn as lines"),
        (str(tmp_path / "nowhere"), "There is no folder"),
        (str(colored_folders(tmp_path / "colors")), "has 0 pairs to train on"),
    ]
    for source, message in refused:
        with pytest.raises(DataError, match=message):
            staging.put_source(source, DataKind.PAIRED)
    with pytest.raises(AccessError, match="upload a zip"):
        StagingArea(local_folders=False).put_source(str(tmp_path), DataKind.PAIRED)


def test_where_others_reach_the_page_no_local_folder_of_domains_is_read(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="upload a zip"):
        stage_folders(str(colored_folders(tmp_path / "colors")), local_folders=False)


def table_zip(folder: Path, wrong_row: str = "", with_pictures: bool = True) -> Path:
    """Zip twelve pictures and their attribute table."""
    celeba(folder / "mine")
    with (folder / "mine" / "list_attr_celeba.txt").open("a") as table:
        table.write(wrong_row)
    if not with_pictures:
        shutil.rmtree(folder / "mine" / "img_align_celeba")
    return zip_of(folder / "mine")


def test_an_uploaded_table_is_counted_and_the_run_gets_pictures_and_table(staging: StagingArea, tmp_path: Path) -> None:
    token, staged = staging.put_source([table_zip(tmp_path)], DataKind.LABELLED)
    assert isinstance(staged, StagedLabelled)
    assert (staged.name, staged.attributes) == ("mine", NAMES)
    (strip,) = staged.strips("crop", ENGLISH)
    assert strip.counts == "11 pictures to learn from · 1 set aside to watch"
    assert strip.labels == "Attributes: Eyeglasses 6, Black_Hair 4, Blond_Hair 4"
    second = staging.put_source(str(colored_folders(tmp_path / "colors")), DataKind.LABELLED)[1]
    root = tmp_path / "run" / "data" / "uploaded"
    assert data_options(tmp_path / "run", staged, second) == ["--data", str(root), str(tmp_path / "colors")]
    assert [warning for warning in staging.source_warnings(token) if "below 50" in warning]
    staging.drop(token)
    read = ingest_table(root, tmp_path / "elsewhere", ("Black_Hair",))
    assert read is not None
    assert sorted(p.labels for p in (*read.training, *read.held_out)) == [(0,)] * 8 + [(1,)] * 4


def test_uploaded_folders_and_drawn_faces_are_labelled_data_too(staging: StagingArea, tmp_path: Path) -> None:
    _, folders = staging.put_source([zip_of(colored_folders(tmp_path / "colors"))], DataKind.LABELLED)
    assert isinstance(folders, StagedLabelled)
    assert ([domain.name for domain in folders.domains], folders.attributes) == (["blue", "green", "red"], ())
    assert data_options(tmp_path / "run", folders) == [f"--data={tmp_path / 'run' / 'data' / 'uploaded'}"]
    assert (tmp_path / "run" / "data" / "uploaded" / "red" / "train").is_dir()
    _, table = staging.put_source("faces:lorelei,count=50", DataKind.LABELLED)
    _, exclusive = staging.put_source("faces:micah", DataKind.LABELLED)
    assert isinstance(table, StagedLabelled)
    assert {"hair red", "glasses"} <= set(table.attributes)
    assert table.strips("crop", ENGLISH)[0].labels.startswith("Attributes: hair black")
    (strip,) = exclusive.strips("crop", ENGLISH)
    assert (len(strip.thumbnails), strip.labels[:15]) == (8, "Domains: frown,")
    assert data_options(tmp_path / "run", table, exclusive) == ["--data", "faces:lorelei,count=50", "faces:micah"]


def test_labelled_uploads_that_cannot_be_used_name_the_file(staging: StagingArea, tmp_path: Path) -> None:
    wrong = table_zip(tmp_path / "wrong", "012.png 1 1\n")
    bare = table_zip(tmp_path / "bare", with_pictures=False)
    refused: list[tuple[str | list[Path], str]] = [
        ([wrong], r"list_attr_celeba\.txt, line 15: 2 values for 3 attributes"),
        ([bare], r"mine\.zip holds 0 training pictures with a row in the table"),
        ("faces:lorelei,glasses=purple", "glasses of lorelei faces can be"),
        ("faces:micah,count=9", "count must be at least 16"),
    ]
    for source, message in refused:
        with pytest.raises(DataError, match=message):
            staging.put_source(source, DataKind.LABELLED)
    with pytest.raises(AccessError, match="upload a zip"):
        StagingArea(local_folders=False).put_source(str(tmp_path), DataKind.LABELLED)
    assert not any(path.is_file() for path in (tmp_path / "uploads").rglob("*"))


def test_warnings_name_each_domain_of_a_source(staging: StagingArea, tmp_path: Path) -> None:
    token, _ = staging.put_source(str(colored_folders(tmp_path / "colors")), DataKind.FOLDERS)
    few = [warning for warning in staging.source_warnings(token) if "below 50" in warning]
    assert [warning.split()[0] for warning in few] == ["blue", "green", "red"]
    assert staging.source_warnings("") == []
    assert staging.warnings((token, token)) == [], "no pair"
