"""Weights for two domains of one style begin as those towards the style."""

from pathlib import Path

import pytest
import torch

from tests.live import save_tiny
from tests.tiny import pictures
from ugatit.checkpoints.loading import load_model
from weights.one_style import main


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return save_tiny(tmp_path / "source", 0, ("toon", "lorelei"))


def test_both_domains_begin_as_the_style(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "start"
    status = main([str(source), "lorelei", str(output), "--domains", "no glasses", "glasses", "--image-size", "32"])
    assert status == 0
    before, after = load_model(source, "cpu"), load_model(output, "cpu")
    assert (after.domains, after.image_size) == (("no glasses", "glasses"), 32)
    images = pictures(2, 32)
    with torch.inference_mode():
        expected = before.translate(images, "lorelei").image
        for domain in after.domains:
            assert torch.equal(after.translate(images, domain).image, expected)
            for name, critic in after.critics(domain).items():
                patches = before.critics("lorelei")[name](expected).patch_logits
                assert torch.equal(critic(expected).patch_logits, patches)


@pytest.mark.parametrize(("domain", "message"), [("cat", "cat"), ("lorelei", "already holds weights")])
def test_unknown_domains_and_used_folders_are_refused(
    source: Path, tmp_path: Path, domain: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = source if domain == "lorelei" else tmp_path / "start"
    assert main([str(source), domain, str(output), "--domains", "a", "b", "--image-size", "32"]) == 2
    assert message in capsys.readouterr().err
