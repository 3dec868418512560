"""Loading models: from every kind of source, onto a device, in a precision."""

from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import torch

from tests.published_files import make_checkpoint, write_checkpoint
from tests.tiny import ROOT
from tests.weights_folders import make_run, make_weights, pruned_while_read
from ugatit import load_model
from ugatit.checkpoints import loading
from ugatit.checkpoints.store import WEIGHTS_FILE
from ugatit.errors import ConfigError, WeightsError

GOLDEN = ROOT / "tests" / "golden"

pytestmark = pytest.mark.usefixtures("bundled")


def test_bundled_name_weights_folder_run_and_hub_id_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_weights(tmp_path / "mine")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(folder))
    assert load_model("sun2moon").domains == ("sun", "moon")
    assert load_model(make_run(tmp_path, "run", 900, 1000)).domains == ("a", "b1000")
    for source in (folder, str(folder), folder / WEIGHTS_FILE, "somebody/cats.2-dogs"):
        assert load_model(source).domains == ("flat", "clay")


def test_published_checkpoint_gets_the_given_domains_and_image_size(tmp_path: Path) -> None:
    (tmp_path / "selfie2anime").mkdir()
    (tmp_path / "selfie2anime" / "params_0100000.pt").write_bytes(b"an older one that would not load")
    path = write_checkpoint(make_checkpoint(ngf=5), tmp_path / "selfie2anime" / "params_latest.pt")
    for source in (path, path.parent):
        model = load_model(source, domains=("selfie", "anime"), image_size=64)
        assert (model.config.ngf, model.domains, model.image_size) == (5, ("selfie", "anime"), 64)


def test_hub_repository_without_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tmp_path / "here"))
    with pytest.raises(WeightsError, match=r"no readable config\.json"):
        load_model("somebody/something")


def test_damaged_checkpoint_of_a_run_is_named(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", 1, 2)
    (run / "checkpoints" / "step_0000002" / WEIGHTS_FILE).write_bytes(b"torn")
    with pytest.raises(WeightsError, match=r"step_0000002/model\.safetensors is damaged"):
        load_model(run)


def test_checkpoint_pruned_while_it_is_read_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, "run", 1)
    monkeypatch.setattr(loading, "load_weights", pruned_while_read(loading.load_weights, run))
    assert load_model(run).domains == ("a", "b3")


def test_model_is_in_eval_mode_on_the_requested_device() -> None:
    model = load_model("sun2moon", device="cpu")
    assert not any(module.training for module in model.modules())
    assert {parameter.device.type for parameter in model.parameters()} == {"cpu"}


def test_unknown_device_and_precision_are_refused() -> None:
    with pytest.raises(ConfigError, match="no device 'abacus'"):
        load_model("sun2moon", device="abacus")
    with pytest.raises(ConfigError, match="precision must be one of"):
        load_model("sun2moon", precision="fp8")


def test_bf16_stays_close_and_returns_float32() -> None:
    with np.load(GOLDEN / "ugatit_light.npz") as stored:
        picture = torch.from_numpy(stored["real_A"])
    exact, quick = (load_model(GOLDEN / "ugatit_light_params_latest.pt", "cpu", p) for p in ("fp32", "bf16"))
    with torch.no_grad():
        for to in "AB":
            ours, theirs = quick.translate(picture, to), exact.translate(picture, to)
            assert ours.image.dtype == torch.float32
            assert not torch.equal(ours.image, theirs.image)
            assert float((ours.image - theirs.image).abs().mean()) < 0.02
            for name in ("local", "global"):
                scores, reference = (m.critics(to)[name](picture).patch_logits for m in (quick, exact))
                assert scores.dtype == torch.float32
                assert float((scores - reference).abs().max()) < 0.01
    assert {parameter.dtype for parameter in quick.parameters()} == {torch.float32}
