"""The API of a live server, through the Gradio client, and the command line of the app."""

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
def no_training_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("served"), training=False) as live:
        yield live


@pytest.fixture(scope="module")
def client(page: LivePage) -> Client:
    return Client(page.address, verbose=False)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    scene("disc", 5, 64)[0].save(tmp_path / "five.png")
    return tmp_path / "five.png"


def read_pixels(path: str) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def test_endpoint_returns_what_the_translator_returns(client: Client, page: LivePage, picture: Path) -> None:
    answer = client.predict(handle_file(picture), "chalk", ART, "jet", 0.3, api_name="/translate")
    expected = ugatit.load_translator(page.weights / ART, "cpu", "fp32")(picture, to="chalk")
    assert np.array_equal(read_pixels(answer[0]), np.asarray(expected.image))
    for path, name in zip(answer[1:4], ("generator", "local", "global"), strict=True):
        assert np.array_equal(read_pixels(path), np.asarray(map_picture(expected, name, colormap="jet", opacity=0.3)))


def test_details_contain_logits_sizes_and_time(client: Client, page: LivePage, picture: Path) -> None:
    details = client.predict(handle_file(picture), "angular", SCENES, api_name="/translate")[4]
    expected = ugatit.load_translator(page.weights / SCENES, "cpu", "fp32")(picture, to="angular")
    assert details["milliseconds"] > 0
    for name, attention in expected.attention.items():
        map_details = details["maps"][name]
        assert map_details["size"] == [attention.values.shape[1], attention.values.shape[0]]
        assert (map_details["cam_logits"]["gap"], map_details["cam_logits"]["gmp"]) == pytest.approx(
            attention.cam_logits, rel=1e-4
        )
        patches = attention.patch_logits
        assert map_details["mean_patch_logit"] == (None if patches is None else pytest.approx(patches.mean(), rel=1e-4))


def test_endpoint_is_the_only_one_and_has_its_defaults(client: Client) -> None:
    api = client.view_api(return_format="dict", print_info=False)
    assert list(api["named_endpoints"]) == ["/translate"]
    assert not api["unnamed_endpoints"]
    parameters = api["named_endpoints"]["/translate"]["parameters"]
    names = [parameter["parameter_name"] for parameter in parameters]
    assert names == ["image", "to", "weights", "colormap", "opacity"]
    assert [parameter.get("parameter_default") for parameter in parameters[3:]] == ["turbo", 0.6]


@pytest.mark.parametrize(
    "weights", ["nobody", "/etc", "../weights", "owner/name", str(ROOT / "weights"), "", "{folder}"]
)
def test_weights_are_found_only_by_a_name_on_offer(client: Client, page: LivePage, picture: Path, weights: str) -> None:
    name = weights.format(folder=page.weights / SCENES)
    with pytest.raises(AppError, match=f"no weights .*choose one of: .*{SCENES}"):
        client.predict(handle_file(picture), "angular", name, api_name="/translate")


@pytest.mark.parametrize(
    ("to", "colormap", "opacity", "message"),
    [("chalk", "turbo", 0.6, "round, angular"), ("angular", "pink", 0.6, "pink"), ("angular", "turbo", 7, "7")],
)
def test_wrong_values_are_named(
    client: Client, page: LivePage, picture: Path, to: str, colormap: str, opacity: float, message: str
) -> None:
    before = page.network_calls.total()
    with pytest.raises(AppError, match=message):
        client.predict(handle_file(picture), to, SCENES, colormap, opacity, api_name="/translate")
    assert page.network_calls.total() == before


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


def call_handler(page: LivePage, name: str, *values: object) -> str:
    """Call a private handler over HTTP, without the page, and return its answer. Missing values are null."""
    functions = (function for function in page.demo.fns.values() if getattr(function.fn, "__name__", "") == name)
    handler = next(functions)
    session, api = f"{name}-stranger", f"{page.address}gradio_api"
    data = [*values, *[None] * (len(handler.inputs) - len(values))]
    request = {"fn_index": handler._id, "data": data, "session_hash": session}
    httpx.post(f"{api}/queue/join", json=request).raise_for_status()
    with httpx.stream("GET", f"{api}/queue/data", params={"session_hash": session}, timeout=30) as answer:
        return next(line for line in answer.iter_lines() if "process_completed" in line)


@pytest.mark.parametrize(
    "name", ["_start_run", "stop_run", "resume_run", "_stage_scenes", "stage_source", "pack_weights", "push_weights"]
)
def test_where_training_is_off_the_handlers_refuse(no_training_page: LivePage, name: str) -> None:
    assert "--no-training" in call_handler(no_training_page, name, *["scenes:disc"] * (name == "stage_source"))
    assert not no_training_page.runs_folder.exists()


def test_where_training_is_off_uploads_are_refused_and_the_page_says_why(
    no_training_page: LivePage, picture: Path
) -> None:
    with picture.open("rb") as file:
        sent = httpx.post(f"{no_training_page.address}gradio_api/upload", files={"files": file}).json()
    upload = {"path": sent[0], "orig_name": "five.png", "meta": {"_type": "gradio.FileData"}}
    assert "--no-training" in call_handler(no_training_page, "stage_files", [upload])
    assert "started with --no-training" in httpx.get(f"{no_training_page.address}config").text


def test_a_runs_newest_weights_are_a_name_of_the_endpoint(client: Client, page: LivePage, picture: Path) -> None:
    save_tiny(page.runs_folder / "mine" / "checkpoints" / "step_0000001", 5, ("hot", "cold"))
    (page.runs_folder / "mine" / "events.jsonl").touch()
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
