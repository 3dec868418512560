"""The translator runs each network once and gives the same results for single pictures and streams."""

import itertools
import logging
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from tests import pictures
from tests.tiny_stargan import attribute_model
from tests.tiny_stargan import tiny_model as exclusive_model
from tests.toy import Toy, ToyConfig
from ugatit.errors import ConfigError, OutOfMemoryError, PictureError, TranslationError
from ugatit.images.decoding import open_picture
from ugatit.images.fitting import fit
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.inference.translation import Translation
from ugatit.inference.translator import Translator, load_translator
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.networks.geometry import Grid

CPU = torch.device("cpu")
NETWORKS = ("generator", "local", "global")


def tiny_model(light: bool = True) -> UGATIT:
    torch.manual_seed(3)
    return UGATIT(UGATITConfig(("disc", "square"), image_size=32, light=light, ngf=4, ndf=4, blocks=1))


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(tiny_model(), CPU, "fp32")


@pytest.fixture(scope="module")
def full_translator() -> Translator:
    return Translator(tiny_model(light=False), CPU, "fp32")


def arrays_of(translation: Translation) -> Iterator[np.ndarray]:
    """Yield all arrays of a translation: source, image, then those of the attention maps."""
    yield np.asarray(translation.source)
    yield np.asarray(translation.image)
    for attention in translation.attention.values():
        yield attention.values
        yield np.asarray(attention.cam_logits)
        if attention.patch_logits is not None:
            yield attention.patch_logits


@contextmanager
def count_runs(model: UGATIT) -> Iterator[Counter[str]]:
    """Count how often each network runs inside the context."""
    counts: Counter[str] = Counter()
    networks = {**model.generator_modules(), **model.critic_modules()}

    def counter(name: str) -> Callable[..., None]:
        return lambda *_: counts.update([name])

    handles = [network.register_forward_hook(counter(name)) for name, network in networks.items()]
    yield counts
    for handle in handles:
        handle.remove()


def test_each_network_of_the_target_domain_runs_once_and_no_other(translator: Translator) -> None:
    with count_runs(translator.model) as counts:
        translator(pictures.photo(), to="square")
    assert counts == {"generator_ab": 1, "local_b": 1, "global_b": 1}


def test_result_equals_the_bare_forward_passes(translator: Translator) -> None:
    model = translator.model
    result = translator(pictures.photo(48, 32), to="disc")
    with torch.inference_mode():
        out = model.translate(to_tensor(pictures.photo(48, 32)), to="disc")
        judgements = {name: critic(out.image) for name, critic in model.critics("disc").items()}
    np.testing.assert_array_equal(np.asarray(result.image), np.asarray(to_picture(out.image[0])))
    assert tuple(result.attention) == NETWORKS
    for name, output in {"generator": out, **judgements}.items():
        attention = result.attention[name]
        np.testing.assert_array_equal(attention.values, output.attention_map[0, 0].numpy())
        assert attention.cam_logits == tuple(output.cam_logits[0].tolist())
        if name == "generator":
            assert attention.patch_logits is None
        else:
            np.testing.assert_array_equal(attention.patch_logits, output.patch_logits[0, 0].numpy())


def test_maps_name_their_picture_and_domain(translator: Translator) -> None:
    result = translator(pictures.photo(), to="square")
    assert (result.origin, result.to, result.device, result.precision) == ("disc", "square", "cpu", "fp32")
    assert {name: (m.over, m.domain) for name, m in result.attention.items()} == {
        "generator": ("input", "disc"),
        "local": ("translation", "square"),
        "global": ("translation", "square"),
    }
    assert result.milliseconds > 0
    for attention in result.attention.values():
        assert attention.values.dtype == np.float32
        assert attention.values.ndim == 2


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (200, 300), (333, 250), (7, 5), (1, 1), (5000, 300), (3, 700)])
@pytest.mark.parametrize("light", [True, False])
def test_aspect_is_kept_at_every_shape(
    size: tuple[int, int], light: bool, translator: Translator, full_translator: Translator
) -> None:
    result = (translator if light else full_translator)(pictures.photo(*size), to="square")
    assert result.source.size == result.image.size
    expected = [max(1, side * max(result.image.size) / max(size)) for side in size]
    np.testing.assert_allclose(result.image.size, expected, atol=1)


@pytest.mark.parametrize("size", [(48, 40), (500, 120), (5000, 300), (1, 1)])
def test_input_resolution_keeps_the_original_size(size: tuple[int, int], translator: Translator) -> None:
    picture = pictures.photo(*size)
    result = translator(picture, to="square", resolution="input")
    assert result.image.size == size
    np.testing.assert_array_equal(np.asarray(result.source), np.asarray(picture))


@pytest.mark.parametrize("mode", pictures.MODES)
def test_every_mode_is_translated(mode: str, translator: Translator) -> None:
    assert translator(pictures.any_mode(mode), to="square").image.mode == "RGB"


def test_networks_see_transparent_parts_as_white(translator: Translator) -> None:
    inputs_seen: list[torch.Tensor] = []
    generator = translator.model.generator_modules()["generator_ab"]
    handle = generator.register_forward_pre_hook(lambda _, inputs: inputs_seen.append(inputs[0]))
    translator(Image.new("RGBA", (32, 32), (10, 20, 30, 0)), to="square")
    handle.remove()
    assert (inputs_seen[0] == 1).all()


def test_path_picture_and_array_give_the_same_bytes_every_time(tmp_path: Path, translator: Translator) -> None:
    pictures.photo().save(tmp_path / "photo.png")
    with Image.open(tmp_path / "photo.png") as lazy:
        sources = [tmp_path / "photo.png", str(tmp_path / "photo.png"), lazy, np.asarray(pictures.photo())]
        results = [list(arrays_of(translator(source, to="square"))) for source in (*sources, *sources)]
    for result in results[1:]:
        for one, other in zip(results[0], result, strict=True):
            assert one.tobytes() == other.tobytes()


def test_cell_positions_are_moved_from_canvas_to_picture(full_translator: Translator) -> None:
    # 64 x 32 on a square of 32: half as large, 8 rows of padding above.
    picture = pictures.photo(64, 32)
    grids = full_translator.model.attention_grids("square")
    small = full_translator(picture, to="square")
    own = full_translator(picture, to="square", resolution="input")
    assert small.image.size == (32, 16)
    for name, grid in grids.items():
        assert small.attention[name].rows == grid.shifted(8)
        assert small.attention[name].columns == grid
        assert own.attention[name].rows == grid.shifted(8).scaled(2)
        assert own.attention[name].columns == grid.scaled(2)


def test_padding_is_cut_off_the_result(full_translator: Translator) -> None:
    picture = pictures.photo(64, 32)
    fitted = fit(open_picture(picture), 32, full_translator.model.canvas_rule())
    with torch.inference_mode():
        canvas = full_translator.model.translate(to_tensor(fitted.canvas), to="square").image[0]
    result = full_translator(picture, to="square").image
    np.testing.assert_array_equal(np.asarray(result), np.asarray(to_picture(canvas[:, 8:24])))


def test_stream_agrees_with_single_calls(translator: Translator) -> None:
    sizes = [(32, 32), (40, 40), (64, 32), (64, 32), (32, 64), (32, 32), (33, 33)]
    sources = [pictures.photo(*size) for size in sizes]
    streamed = list(translator.stream(sources, to="square", batch_size=3))
    assert len(streamed) == len(sources)
    for source, result in zip(sources, streamed, strict=True):
        alone = translator(source, to="square")
        np.testing.assert_allclose(np.asarray(result.image, int), np.asarray(alone.image, int), atol=1)
        for one, other in zip(list(arrays_of(result))[2:], list(arrays_of(alone))[2:], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_consecutive_pictures_of_one_canvas_share_a_pass(translator: Translator) -> None:
    wide, square = pictures.photo(64, 32), pictures.photo(32, 32)
    with count_runs(translator.model) as counts:
        list(translator.stream([square] * 5 + [wide] * 2, to="square", batch_size=4))
    assert counts == {"generator_ab": 3, "local_b": 3, "global_b": 3}


def test_bad_pictures_yield_their_errors_in_place(tmp_path: Path, translator: Translator) -> None:
    good = pictures.photo(32, 32)
    (tmp_path / "text.png").write_text("no picture")
    text, missing, not_finite = tmp_path / "text.png", tmp_path / "missing.png", np.full((2, 2), np.nan)
    sources = [good, text, good, good, missing, not_finite, good]
    results = list(translator.stream(sources, to="square", batch_size=2))
    assert [index for index, result in enumerate(results) if isinstance(result, PictureError)] == [1, 4, 5]
    assert len(results) == len(sources)
    assert "text.png" in str(results[1])
    assert "missing.png" in str(results[4])


def test_stream_is_lazy(translator: Translator) -> None:
    endless = (pictures.photo(32, 32) for _ in itertools.count())
    results = list(itertools.islice(translator.stream(endless, to="square", batch_size=2), 5))
    assert len(results) == 5
    requested: list[int] = []
    watched = (requested.append(n) or pictures.photo(32, 32) for n in itertools.count())
    next(translator.stream(watched, to="square", batch_size=3))
    assert len(requested) == 3


def test_empty_stream_ends(translator: Translator) -> None:
    assert not list(translator.stream([], to="square"))


def test_unknown_target_names_the_known_ones_at_once(translator: Translator) -> None:
    with pytest.raises(TranslationError, match=r"triangle.*disc, square"):
        translator(pictures.photo(), to="triangle")
    with pytest.raises(TranslationError, match="triangle"):
        translator.stream([], to="triangle")


def test_unknown_settings_are_named(translator: Translator) -> None:
    with pytest.raises(ConfigError, match="huge"):
        translator(pictures.photo(), to="square", resolution="huge")
    with pytest.raises(ConfigError, match="0"):
        translator.stream([], to="square", batch_size=0)
    with pytest.raises(ConfigError, match="int4"):
        Translator(tiny_model(), CPU, "int4")


@pytest.mark.parametrize("kind", pictures.BAD_FILES)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_bad_file_is_named(kind: str, tmp_path: Path, translator: Translator) -> None:
    with pytest.raises(TranslationError, match="holiday"):
        translator(pictures.BAD_FILES[kind](tmp_path / "holiday.png"), to="square")


@pytest.mark.parametrize(("network", "name"), [("generator_ab", "generator"), ("global_b", "global")])
def test_damaged_weights_are_named(network: str, name: str) -> None:
    model = tiny_model()
    for parameter in getattr(model, network).parameters():
        nn.init.constant_(parameter, math.nan)
    broken = Translator(model, CPU)
    with pytest.raises(TranslationError, match=name):
        broken(pictures.photo(), to="square")
    results = list(broken.stream([pictures.photo()] * 2, to="square"))
    assert [type(result) for result in results] == [TranslationError] * 2
    assert isinstance(broken(pictures.photo(), to="disc"), Translation)


def limited_memory(pixels: int) -> Translator:
    """Return a translator whose generator runs out of memory for batches of more than `pixels` pixels."""
    model = tiny_model()

    def refuse(_: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        if inputs[0].numel() > 3 * pixels:
            raise torch.OutOfMemoryError("fake")

    model.generator_ab.register_forward_pre_hook(refuse)
    return Translator(model, CPU)


def test_batch_beyond_memory_is_halved() -> None:
    results = list(limited_memory(2 * 32 * 32).stream([pictures.photo(32, 32)] * 5, to="square"))
    assert [result.image.size for result in results] == [(32, 32)] * 5


@pytest.mark.parametrize(("resolution", "size"), [("model", (48, 24)), ("input", (128, 64))])
def test_picture_beyond_memory_is_translated_smaller(
    resolution: str, size: tuple[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        result = limited_memory(64 * 32 - 1)(pictures.photo(128, 64), to="square", resolution=resolution)
    assert result.image.size == result.source.size == size
    assert "48x24" in caplog.text


def test_memory_for_no_size_is_an_error_with_advice() -> None:
    no_memory = limited_memory(0)
    with pytest.raises(OutOfMemoryError, match=r"at \d+x\d+ pixels.*less than 32 pixels.*cpu"):
        no_memory(pictures.photo(), to="square")
    assert isinstance(next(no_memory.stream([pictures.photo()], to="square")), OutOfMemoryError)


def test_bf16_stays_near_fp32(translator: Translator) -> None:
    half = Translator(tiny_model(), CPU, "bf16")(pictures.photo(), to="square")
    exact = translator(pictures.photo(), to="square")
    assert half.precision == "bf16"
    assert np.abs(np.asarray(half.image, int) - np.asarray(exact.image, int)).mean() < 3
    for name in NETWORKS:
        assert half.attention[name].values.dtype == np.float32


def test_threads_can_share_a_translator(translator: Translator) -> None:
    sources = [pictures.photo(32 + 8 * n, 32) for n in range(4)]
    expected = [translator(source, to="square") for source in sources]
    results: dict[int, Translation] = {}

    def use(n: int) -> None:
        for _ in range(5):
            results[n] = translator(sources[n], to="square")

    threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, alone in enumerate(expected):
        for one, other in zip(arrays_of(results[n]), arrays_of(alone), strict=True):
            np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=1e-4, atol=1e-4)


def test_translating_leaves_the_weights_unchanged() -> None:
    translator = Translator(tiny_model().train(), CPU)
    before = {name: value.clone() for name, value in translator.model.state_dict().items()}
    translator(pictures.photo(), to="square")
    for name, value in translator.model.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_translator_exposes_its_model_and_domains(translator: Translator) -> None:
    assert translator.domains == translator.targets == ("disc", "square")
    assert isinstance(translator.model, UGATIT)


def test_translator_loads_the_model_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def load_model(source: str, device: str, precision: str) -> UGATIT:
        calls.append((source, device, precision))
        return tiny_model()

    monkeypatch.setattr("ugatit.inference.translator.load_model", load_model)
    loaded = load_translator("mine", device="cpu", precision="bf16")
    assert calls == [("mine", "cpu", "fp32")]
    assert (loaded.device, loaded.precision) == (CPU, "bf16")


@pytest.fixture(scope="module")
def toys() -> Translator:
    """A translator of three domains, A, B and C, with one critic without attention, `patch`."""
    torch.manual_seed(0)
    return Translator(Toy(ToyConfig(image_size=32)), CPU)


def test_source_domain_is_the_given_one_else_the_only_other_one(translator: Translator, toys: Translator) -> None:
    assert toys(pictures.photo(), to="A").origin is None
    assert toys(pictures.photo(), to="A", origin="C").origin == "C"
    assert [result.origin for result in toys.stream([pictures.photo()] * 2, to="A", origin="B")] == ["B", "B"]
    given = translator(pictures.photo(), to="square", origin="square")
    assert (given.origin, given.attention["generator"].domain) == ("square", "square")


def test_unknown_source_domain_names_the_known_ones_at_once(translator: Translator, toys: Translator) -> None:
    with pytest.raises(TranslationError, match=r"no domain 'D'.*A, B, C"):
        toys(pictures.photo(), to="A", origin="D")
    with pytest.raises(TranslationError, match=r"'triangle'.*disc, square"):
        translator.stream([], to="square", origin="triangle")


def test_critic_without_attention_runs_once_and_is_shown_by_its_patch_logits(toys: Translator) -> None:
    calls: list[torch.Tensor] = []
    handle = toys.model.critic.register_forward_hook(lambda _, __, logits: calls.append(logits))
    result = toys(pictures.photo(64, 32), to="B", resolution="input")
    handle.remove()
    assert len(calls) == 1
    assert list(result.attention) == ["patch"]
    patch, grid = result.attention["patch"], Grid().conv(4, 2, 1)
    assert (patch.values, patch.cam_logits, patch.over, patch.domain) == (None, None, "translation", "B")
    np.testing.assert_array_equal(patch.patch_logits, calls[0][0, 1].numpy())
    assert patch.drawn is patch.patch_logits
    scale = 64 / result.source.width * 64 / (2 * patch.patch_logits.shape[1])
    assert (patch.rows, patch.columns) == (grid.scaled(scale), grid.scaled(scale))


def test_critic_without_a_grid_is_left_out(toys: Translator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Toy, "patch_grids", lambda *_: {})
    assert toys(pictures.photo(), to="B").attention == {}


def test_model_trained_without_attention_has_the_patch_logits_of_both_critics() -> None:
    torch.manual_seed(3)
    config = UGATITConfig(("disc", "square"), image_size=32, light=True, ngf=4, ndf=4, blocks=1, attention=False)
    model = UGATIT(config)
    result = Translator(model, CPU)(pictures.photo(32, 32), to="square")
    assert list(result.attention) == ["local", "global"]
    for name, attention in result.attention.items():
        assert (attention.values, attention.cam_logits, attention.domain) == (None, None, "square")
        assert attention.rows == attention.columns == model.patch_grids("square")[name]
        assert attention.drawn.ndim == 2


def test_attributes_of_the_picture_are_read_or_given() -> None:
    model = attribute_model()
    translator, photo = Translator(model, CPU), pictures.photo(20, 16)
    fitted = to_tensor(fit(photo, 16, model.canvas_rule()).canvas)
    with torch.inference_mode():
        read = [
            name for name, logit in zip(model.domains, model.critic(fitted).class_logits[0], strict=True) if logit > 0
        ]
        edited = model.translate(fitted, ("glasses", "no red hair"), ("red hair",)).image
    translation = translator(photo, "glasses")
    assert [name for name, there in translation.attributes.items() if there] == read
    assert tuple(translation.attributes) == model.domains
    assert np.array_equal(translation.image, translator(photo, "glasses", source=read).image)
    given = translator(photo, ("glasses", "no red hair"), source=("red hair",))
    assert given.attributes == {"glasses": False, "black hair": False, "red hair": True}
    assert (given.to, given.attention["patch"].domain) == ("glasses, no red hair",) * 2
    assert given.attention["patch"].loss == "wasserstein"
    whole = fit(photo, 16, model.canvas_rule())
    assert np.array_equal(given.image, whole.crop(to_picture(edited[0])))
    streamed = list(translator.stream([photo, photo], ("glasses", "no red hair"), source=("red hair",)))
    assert all(np.array_equal(one.image, given.image) and one.attributes == given.attributes for one in streamed)


def test_models_without_attributes_have_none_to_give() -> None:
    translator = Translator(exclusive_model(), CPU)
    assert translator(pictures.photo(16, 16), "dog").attributes is None
    for options, message in (
        ({"to": "dog", "source": ("cat",)}, "has no attribute 'cat'; it has none"),
        ({"to": ("dog", "cat")}, "to one domain, or to attributes of one set; got dog, cat"),
        ({"to": ()}, "got nothing"),
    ):
        with pytest.raises(TranslationError, match=message):
            translator(pictures.photo(16, 16), **options)
    with pytest.raises(TranslationError, match="one domain at a time; got disc, square"):
        Translator(tiny_model(), CPU).stream([], ("disc", "square"))
    with pytest.raises(TranslationError, match="has no attribute 'beard'; it has: glasses, black hair, red hair"):
        Translator(attribute_model(), CPU)(pictures.photo(16, 16), "glasses", source=("beard",))
