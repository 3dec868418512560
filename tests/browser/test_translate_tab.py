"""The Translate tab as a person uses it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, open_and_leave_list
from tests.live import ART, SCENES, LivePage
from ugatit.checkpoints.store import load_weights
from ugatit.data.scenes import scene
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.inference.translation import AttentionMap, Translation
from viz.display import screen_factor
from viz.panels import map_picture

MAPS = ("generator", "local", "global")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A scene that is not among the examples."""
    scene("disc", 1001, 64)[0].save(tmp_path / "mine.png")
    return tmp_path / "mine.png"


def source(page: Page, element: str) -> str:
    return page.locator(f"#{element} img").first.get_attribute("src") or ""


def pixels(page: Page, element: str) -> np.ndarray:
    """The picture of an element, as the server sent it; (h, w, 3)."""
    response = page.request.get(source(page, element))
    return np.asarray(Image.open(BytesIO(response.body())).convert("RGB"))


def upload(page: Page, *files: Path, into: str = "input-image") -> None:
    page.locator(f"#{into} input[type=file]").first.set_input_files([str(file) for file in files])


@contextmanager
def replaced(page: Page, element: str) -> Iterator[None]:
    """At the end of the block, wait until an element shows another picture than before it."""
    before = source(page, element)
    yield
    page.wait_for_function(
        "([id, before]) => { const i = document.querySelector(`#${id} img`); return i && i.src !== before; }",
        arg=[element, before],
    )


def translate(page: Page, picture: Path) -> None:
    with replaced(page, "map-global"):
        upload(page, picture)


def expected_translation(folder: Path, picture: Path, to: str) -> Translation:
    """The same translation by plain forward passes: only the grids come from the model."""
    model = load_weights(folder)
    source = Image.open(picture).convert("RGB")
    with torch.no_grad():
        generated = model.generator(to)(to_tensor(source))
        judged = {name: critic(generated.image) for name, critic in model.critics(to).items()}
    image = to_picture(generated.image[0])
    grids = model.attention_grids(to)
    maps = {
        name: AttentionMap(
            output.attention_map[0, 0].numpy(), tuple(output.cam_logits[0].tolist()), None, grids[name], grids[name],
            "input" if name == "generator" else "translation", to,
        )
        for name, output in {"generator": generated, **judged}.items()
    }  # fmt: skip
    return Translation(source, image, model.origin_of(to), to, maps, 0.0, "cpu", "fp32")


def test_picture_and_maps_equal_independent_forward_passes(visit: Visit, live: LivePage, picture: Path) -> None:
    page = visit()
    translate(page, picture)
    expected = expected_translation(live.weights / SCENES, picture, "angular")
    assert np.array_equal(pixels(page, "output-image"), np.asarray(expected.image))
    for name in MAPS:
        drawn = map_picture(expected, name, factor=screen_factor(expected.image))
        difference = np.abs(pixels(page, f"map-{name}").astype(int) - np.asarray(drawn).astype(int))
        assert difference.max() <= 1


def test_the_page_opens_with_a_result_and_a_text_for_each_map(visit: Visit) -> None:
    page = visit()
    for name in MAPS:
        expect(page.locator(f"#text-{name}")).to_contain_text("cells")
        assert page.locator(f"#map-{name} img").get_attribute("alt")
    expect(page.locator("#text-generator")).to_contain_text("% round")
    expect(page.locator("#text-local")).to_contain_text("patch score")
    expect(page.locator("#measured")).to_contain_text("ms on cpu")
    expect(page.locator("#before-after img").first).to_be_visible()


def test_a_far_picture_alone_gets_a_sentence_with_the_measure(visit: Visit, picture: Path, tmp_path: Path) -> None:
    page = visit()
    expect(page.locator("#measured")).to_contain_text("ms on cpu")
    expect(page.locator("#far")).to_be_hidden()
    Image.new("RGB", (64, 64), "red").save(tmp_path / "blank.png")
    translate(page, tmp_path / "blank.png")
    expect(page.locator("#far")).to_contain_text("far from all that the weights were trained on (round, angular)")
    expect(page.locator("#far")).to_contain_text("Mahalanobis distance")
    translate(page, picture)
    expect(page.locator("#far")).to_be_hidden()


def test_opacity_and_colours_redraw_the_maps_without_a_network(visit: Visit, live: LivePage) -> None:
    page = visit()
    runs, result = live.network_calls.total(), source(page, "output-image")
    versions = [pixels(page, "map-local")]
    for change in ("opacity", "colormap", "normalization"):
        with replaced(page, "map-local"):
            if change == "opacity":
                page.locator("#opacity input[type=number]").fill("1")
                page.keyboard.press("Tab")
            else:
                page.locator(f"#{change} input").click()
                page.get_by_role("option").nth(1).click()
        # The change before may redraw twice, once more after it was first seen.
        for _ in range(100):
            if not np.array_equal(versions[-1], pixels(page, "map-local")):
                break
            page.wait_for_timeout(100)
        versions.append(pixels(page, "map-local"))
    assert all(not np.array_equal(one, other) for one, other in pairwise(versions))
    assert live.network_calls.total() == runs
    assert source(page, "output-image") == result


def test_each_network_runs_once_for_a_translation(visit: Visit, live: LivePage) -> None:
    page = visit()
    live.network_calls.clear()
    with replaced(page, "output-image"):
        page.locator("#target-domain").get_by_label("to round").check()
        page.locator("#translate").click()
    assert live.network_calls == {"Generator": 1, "Discriminator": 2}


def test_download_holds_picture_maps_and_raw_arrays(visit: Visit, live: LivePage, picture: Path) -> None:
    page = visit()
    translate(page, picture)
    with page.expect_download() as download:
        page.locator("#download").click()
    assert download.value.suggested_filename == "mine-to-angular.zip"
    expected = expected_translation(live.weights / SCENES, picture, "angular")
    with ZipFile(download.value.path()) as archive:
        assert np.array_equal(np.asarray(Image.open(archive.open("mine.png"))), np.asarray(expected.image))
        arrays = np.load(archive.open("mine.npz"))
        numbers = json.load(archive.open("mine.json"))
        for name in MAPS:
            assert Image.open(archive.open(f"mine-{name}.png")).size == expected.image.size
            np.testing.assert_allclose(arrays[name], expected.attention[name].values, rtol=1e-4, atol=1e-6)
    assert numbers["to"] == "angular"


def test_a_bad_file_is_named_and_the_last_result_stays(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    results = [source(page, element) for element in ("output-image", "map-global")]
    (tmp_path / "letter.png").write_text("Dear all")
    upload(page, tmp_path / "letter.png")
    expect(page.locator("#status")).to_contain_text("letter.png")
    expect(page.locator("#status")).not_to_contain_text("/tmp")
    assert [source(page, element) for element in ("output-image", "map-global")] == results
    expect(page.locator("#output-image img")).to_be_visible()
    expect(page.locator(".toast-body")).to_contain_text("letter.png")


def test_an_example_of_another_pair_switches_weights_and_target(visit: Visit) -> None:
    page = visit()
    with replaced(page, "output-image"):
        page.locator(f"#examples-{ART} button").first.click()
    expect(page.locator("#weights input")).to_have_value("Oil and chalk")
    expect(page.locator("#target-domain").get_by_label("to chalk")).to_be_checked()
    expect(page.locator("#measured")).to_contain_text("oil → chalk")


def test_a_list_of_weights_left_unchanged_keeps_the_target(visit: Visit) -> None:
    page = visit()
    page.locator("#target-domain").get_by_label("to round").check()
    with page.expect_response(lambda response: "/run/" in response.url):
        open_and_leave_list(page, "weights")
    expect(page.locator("#target-domain").get_by_label("to round")).to_be_checked()


def test_the_outline_is_offered_only_for_scenes_and_changes_the_maps(visit: Visit) -> None:
    page = visit()
    plain = pixels(page, "map-generator")
    with replaced(page, "map-generator"):
        page.locator("#truth input").check()
    assert not np.array_equal(pixels(page, "map-generator"), plain)
    page.locator(f"#examples-{ART} button").first.click()
    expect(page.locator("#truth")).to_have_count(0)


def test_two_browsers_do_not_see_each_others_pictures(visit: Visit, live: LivePage, tmp_path: Path) -> None:
    pages, files = [visit(), visit()], [tmp_path / "one.png", tmp_path / "two.png"]
    for seed, (page, file) in enumerate(zip(pages, files, strict=True)):
        scene("disc", 2000 + seed, 64)[0].save(file)
        page.locator("#target-domain").get_by_label("to angular").check()
    with replaced(pages[0], "map-global"), replaced(pages[1], "map-global"):
        for page, file in zip(pages, files, strict=True):
            upload(page, file)
    for page, file in zip(pages, files, strict=True):
        expected = expected_translation(live.weights / SCENES, file, "angular")
        assert np.array_equal(pixels(page, "output-image"), np.asarray(expected.image))


def test_several_pictures_give_a_gallery_and_one_zip_and_a_bad_one_is_named(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    for seed in range(3):
        scene("disc", seed, 64)[0].save(tmp_path / f"scene{seed}.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n")
    page.get_by_role("tab", name="Several").click()
    upload(page, *sorted(tmp_path.glob("*.png")), into="several")
    expect(page.locator("#several")).to_contain_text("scene2")
    page.locator("#translate").click()
    expect(page.locator("#gallery img")).to_have_count(3)
    expect(page.locator("#status")).to_contain_text("3 of 4")
    expect(page.locator("#status")).to_contain_text("broken.png")
    with page.expect_download() as download:
        page.locator("#archive a").first.click()
    with ZipFile(download.value.path()) as archive:
        assert {"scene0.png", "scene1.npz", "scene2-global.png"} <= set(archive.namelist())


def test_a_drawing_is_translated_and_an_empty_pad_is_not(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Draw").click()
    page.locator("#sketch canvas").first.wait_for()
    page.locator("#translate").click()
    expect(page.locator("#status")).to_contain_text("empty")
    area = page.locator("#sketch canvas").first.bounding_box()
    assert area is not None
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(x - 40, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=8)
    page.mouse.up()
    page.wait_for_timeout(300)
    with replaced(page, "output-image"):
        page.locator("#translate").click()


def test_the_page_fits_a_phone(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = [page.locator(f"#map-{name}").bounding_box()["y"] for name in MAPS]
    assert tops[0] < tops[1] < tops[2]


def test_maps_are_in_one_row_on_a_desktop_and_the_keyboard_reaches_the_button(visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 800})
    boxes = [page.locator(f"#map-{name}").bounding_box() for name in MAPS]
    assert len({box["y"] for box in boxes}) == 1
    assert boxes[0]["y"] + boxes[0]["height"] < 800
    result, given = (page.locator(f"#{name}").bounding_box() for name in ("output-image", "input-image"))
    assert given["x"] + given["width"] <= result["x"]
    with replaced(page, "output-image"):
        page.locator("#target-domain").get_by_label("to round").check()
        page.locator("#translate").focus()
        page.keyboard.press("Enter")
