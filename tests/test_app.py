"""The API of a live server, asked by its own client; and the command line of the app."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

import ugatit
from tests.live import ART, SCENES, LivePage, save_tiny, served
from ugatit.data.scenes import scene
from viz.panels import map_picture

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("served")) as live:
        yield live


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("served"), training=False) as live:
        yield live


@pytest.fixture(scope="module")
def client(page: LivePage) -> Client:
    return Client(page.address, verbose=False)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    scene("disc", 5, 64)[0].save(tmp_path / "five.png")
    return tmp_path / "five.png"


def opened(path: str) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def test_endpoint_gives_what_the_translator_gives(client: Client, page: LivePage, picture: Path) -> None:
    answer = client.predict(handle_file(picture), "chalk", ART, "jet", 0.3, api_name="/translate")
    own = ugatit.load_translator(page.weights / ART, "cpu", "fp32")(picture, to="chalk")
    assert np.array_equal(opened(answer[0]), np.asarray(own.image))
    for path, name in zip(answer[1:4], ("generator", "local", "global"), strict=True):
        assert np.array_equal(opened(path), np.asarray(map_picture(own, name, colormap="jet", opacity=0.3)))


def test_details_tell_logits_sizes_and_time(client: Client, page: LivePage, picture: Path) -> None:
    details = client.predict(handle_file(picture), "angular", SCENES, api_name="/translate")[4]
    own = ugatit.load_translator(page.weights / SCENES, "cpu", "fp32")(picture, to="angular")
    assert details["milliseconds"] > 0
    for name, attention in own.attention.items():
        told = details["maps"][name]
        assert told["size"] == [attention.values.shape[1], attention.values.shape[0]]
        assert (told["cam_logits"]["gap"], told["cam_logits"]["gmp"]) == pytest.approx(attention.cam_logits, rel=1e-4)
        patches = attention.patch_logits
        assert told["mean_patch_logit"] == (None if patches is None else pytest.approx(patches.mean(), rel=1e-4))


def test_endpoint_is_the_only_one_and_has_its_defaults(client: Client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert list(endpoints) == ["/translate"]
    names = [each["parameter_name"] for each in endpoints["/translate"]["parameters"]]
    assert names == ["image", "to", "weights", "colormap", "opacity"]
    defaults = [each.get("parameter_default") for each in endpoints["/translate"]["parameters"]][3:]
    assert defaults == ["turbo", 0.6]
    assert not client.view_api(return_format="dict", print_info=False)["unnamed_endpoints"]


@pytest.mark.parametrize("weights", ["nobody", "/etc", "../weights", "owner/name", str(ROOT / "weights"), ""])
def test_only_names_on_offer_are_weights(client: Client, picture: Path, weights: str) -> None:
    with pytest.raises(AppError, match=f"{SCENES}"):
        client.predict(handle_file(picture), "angular", weights, api_name="/translate")


def test_a_folder_of_weights_is_refused_by_its_path(client: Client, page: LivePage, picture: Path) -> None:
    with pytest.raises(AppError, match="no weights"):
        client.predict(handle_file(picture), "angular", str(page.weights / SCENES), api_name="/translate")


@pytest.mark.parametrize(
    ("to", "colormap", "opacity", "message"),
    [("chalk", "turbo", 0.6, "round, angular"), ("angular", "pink", 0.6, "pink"), ("angular", "turbo", 7, "7")],
)
def test_wrong_values_are_named(
    client: Client, page: LivePage, picture: Path, to: str, colormap: str, opacity: float, message: str
) -> None:
    before = page.runs.total()
    with pytest.raises(AppError, match=message):
        client.predict(handle_file(picture), to, SCENES, colormap, opacity, api_name="/translate")
    assert page.runs.total() == before


def test_a_file_that_is_no_picture_is_named_without_the_servers_folders(client: Client, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(AppError, match=r"letter\.png") as caught:
        client.predict(handle_file(tmp_path / "letter.png"), "angular", SCENES, api_name="/translate")
    assert "/tmp" not in str(caught.value)


def test_a_picture_of_more_than_20_megabytes_is_refused(client: Client, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2700, 2700, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.bmp")
    with pytest.raises(AppError, match=r"noise\.bmp.* 20 MB"):
        client.predict(handle_file(tmp_path / "noise.bmp"), "angular", SCENES, api_name="/translate")


def handler(page: LivePage, name: str) -> tuple[int, int]:
    """Where a private handler is reached, and how many values it takes."""
    found = next(each for each in page.demo.fns.values() if getattr(each.fn, "__name__", "") == name)
    return found._id, len(found.inputs)


def asked(page: LivePage, name: str, *values: object) -> str:
    """What a private handler answers to whoever asks it without the page."""
    index, count = handler(page, name)
    session, api = f"{name}-stranger", f"{page.address}gradio_api"
    data = [*values, *[None] * (count - len(values))]
    httpx.post(f"{api}/queue/join", json={"fn_index": index, "data": data, "session_hash": session}).raise_for_status()
    with httpx.stream("GET", f"{api}/queue/data", params={"session_hash": session}, timeout=30) as answer:
        return next(line for line in answer.iter_lines() if "process_completed" in line)


@pytest.mark.parametrize("name", ["_begin", "_stop", "_resume", "_draw_scenes", "take_source", "pack", "push"])
def test_where_training_is_off_the_handlers_refuse(untrained: LivePage, name: str) -> None:
    assert "--no-training" in asked(untrained, name, *["scenes:disc"] * (name == "take_source"))
    assert not untrained.trained.exists()


def test_where_training_is_off_uploads_are_refused_and_the_page_says_why(untrained: LivePage, picture: Path) -> None:
    with picture.open("rb") as file:
        sent = httpx.post(f"{untrained.address}gradio_api/upload", files={"files": file}).json()
    upload = {"path": sent[0], "orig_name": "five.png", "meta": {"_type": "gradio.FileData"}}
    assert "--no-training" in asked(untrained, "take_files", [upload])
    assert "started with --no-training" in httpx.get(f"{untrained.address}config").text


def test_a_runs_newest_weights_are_a_name_of_the_endpoint(client: Client, page: LivePage, picture: Path) -> None:
    save_tiny(page.trained / "mine" / "checkpoints" / "step_0000001", 5, ("hot", "cold"))
    (page.trained / "mine" / "events.jsonl").touch()
    details = client.predict(handle_file(picture), "cold", "mine", api_name="/translate")[4]
    assert (details["from"], details["to"]) == ("hot", "cold")


def test_the_page_without_weights_says_so_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--weights", str(tmp_path / "gone"), "--port", "1"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "gone" in done.stderr
