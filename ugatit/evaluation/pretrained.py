"""Networks with weights to download: Inception for KID, FID and IS, AlexNet for LPIPS. None is loaded on import."""

import http.client
import pickle
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from ugatit.errors import WeightsError
from ugatit.evaluation.features import BATCH_SIZE, FeatureNetwork, Features
from ugatit.text import one_line

INCEPTION = "inception"
INCEPTION_FEATURES = ("2048", "logits_unbiased")
ALEXNET_FILE = "alexnet-owt-7be5be79.pth"
ALEXNET_URL = f"https://download.pytorch.org/models/{ALEXNET_FILE}"
ALEXNET_MIN_SIDE = 31
"""Smaller pictures have nothing left after its second pooling."""
PATIENCE = 20.0
"""After how many seconds without an answer a download is given up."""


def cache() -> Path:
    """Return the folder where torch keeps downloaded weights."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def inception_features(device: torch.device) -> FeatureNetwork:
    """Load Inception as published scores have it (torch-fidelity: its weights, its way to resize pictures).

    The weights are taken from torch's cache, or the library downloads them. Raises WeightsError, which says how to get
    what is missing.
    """
    try:
        from torch_fidelity import feature_extractor_inceptionv3 as library
    except ImportError as error:
        raise WeightsError(
            "Inception needs torch-fidelity: pip install 'torch-fidelity>=0.4,<1', or this package with its extra "
            "[inception]. Without it: --features own."
        ) from error
    url = library.URL_INCEPTION_V3
    file = cache() / url.rpartition("/")[2]
    try:
        with _impatient():
            network = library.FeatureExtractorInceptionV3(INCEPTION, [*INCEPTION_FEATURES])
    except (OSError, http.client.HTTPException) as error:
        raise WeightsError(
            f"The weights of Inception could not be downloaded ({one_line(error, 80)}). Fetch {url} where there is a "
            f"network and put the file into {file.parent}. Without it: --features own."
        ) from error
    except (RuntimeError, EOFError, KeyError, pickle.UnpicklingError) as error:
        raise WeightsError(f"{file} is damaged ({one_line(error, 80)}): remove it, or fetch {url} again.") from error

    network.to(device)

    def describe(levels: Tensor) -> Features:
        values, logits = network(levels.to(device))
        return Features(values.float().cpu(), logits.float().cpu())

    return FeatureNetwork(INCEPTION, "Inception of 2015, as in published scores", True, describe)


def lpips(pictures: Tensor, others: Tensor, device: torch.device) -> Tensor:
    """Return the perceptual distance of each pair of pictures (LPIPS, Zhang et al. 2018, AlexNet): 0 if they are equal.

    Both (N, 3, S, S) in [-1, 1]. Returns (N,). Raises WeightsError if torch's cache lacks the weights of AlexNet, and
    for pictures that are too small for it.
    """
    from torchmetrics.image.lpip import LearnedPerceptualImagePatchSimilarity

    file = cache() / ALEXNET_FILE
    if not file.is_file():
        raise WeightsError(
            f"LPIPS needs the weights of AlexNet: fetch {ALEXNET_URL} and put the file into {file.parent}."
        )
    if min(pictures.shape[2:]) < ALEXNET_MIN_SIDE:
        raise WeightsError(f"LPIPS needs pictures of {ALEXNET_MIN_SIDE} px or more.")
    try:
        network = LearnedPerceptualImagePatchSimilarity(net_type="alex").net
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise WeightsError(
            f"{file} is damaged ({one_line(error, 80)}): remove it, or fetch {ALEXNET_URL} again."
        ) from error
    network.to(device)
    distances = []
    with torch.inference_mode():
        for part, other in zip(pictures.split(BATCH_SIZE), others.split(BATCH_SIZE), strict=True):
            distance = network(part.clamp(-1, 1).to(device), other.clamp(-1, 1).to(device))
            distances.append(distance.reshape(-1).float().cpu())
    return torch.cat(distances)


@contextmanager
def _impatient() -> Iterator[None]:
    """Give up connections that do not answer; torch's download would wait for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
