"""Serve a page with tiny weights in this process, so that tests can count the calls of its networks."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
import torch
from torch import nn

from tests.tiny import free_port
from ugatit.checkpoints.familiarity import write_familiarity
from ugatit.checkpoints.store import load_weights, save_weights
from ugatit.data.scenes import scene
from ugatit.models import UGATIT
from ugatit.models.familiarity import MIN_PICTURES
from ugatit.models.manifest import Manifest
from ugatit.models.ugatit import UGATITConfig
from ugatit.networks.ugatit import Discriminator, Generator
from ugatit.training import process
from ugatit.training.runs import list_running
from viz.tabs.demo import create_demo, launch
from weights.familiarity import drawn_pictures, fit_model

SCENES, ART = "drawn", "painted"


@dataclass(frozen=True)
class LivePage:
    """A served page.

    weights: the folder of weights. network_calls: calls by kind of network. runs_folder: of training runs.
    """

    address: str
    weights: Path
    network_calls: Counter[str]
    runs_folder: Path
    demo: gr.Blocks


def save_tiny(folder: Path, seed: int, domains: tuple[str, str], kinds: tuple[str, str] | None = None) -> Path:
    """Save random weights for 64 px. kinds: of the scenes that the manifest names as their training data."""
    folder.mkdir(parents=True)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = UGATIT(UGATITConfig(domains=domains, image_size=64, ngf=4, ndf=4, blocks=1))
        model.init_weights()
    data = {"sources": tuple(f"scenes:{kind}" for kind in kinds)} if kinds else {}
    title = f"{domains[0].title()} and {domains[1]}"
    save_weights(folder, model, Manifest("ugatit", model.config.to_dict(), data, title=title, description="Made up."))
    return folder


def fit_statistics_of_scenes(folder: Path) -> None:
    """Write the statistics of the drawn domains that the manifest of weights names."""
    model = load_weights(folder)
    assert model.manifest is not None
    sources = model.manifest.data["sources"]
    count = 2 * MIN_PICTURES
    drawn = [drawn_pictures(source, number, len(sources), 64, count, 0) for number, source in enumerate(sources)]
    write_familiarity(folder, fit_model(model, drawn, lambda line: None))


def launch_page(demo: gr.Blocks, training: bool, attempts: int = 3) -> str:
    # Gradio asks its own page for an answer within seconds and gives up, which a busy machine may not manage.
    for _ in range(attempts - 1):
        try:
            return launch(demo, "127.0.0.1", free_port(), wait=False, training=training)
        except ValueError as error:
            if "localhost is not accessible" not in str(error):
                raise
            demo.close()
    return launch(demo, "127.0.0.1", free_port(), wait=False, training=training)


@contextmanager
def served(folder: Path, training: bool = True) -> Iterator[LivePage]:
    """Serve two models, one for scenes and one with example files, on a free port; fp32, on the CPU.

    At the end, runs that were started from the page are stopped.
    """
    weights, runs_folder = folder / "weights", folder / "runs"
    fit_statistics_of_scenes(save_tiny(weights / SCENES, 0, ("round", "angular"), ("disc", "square")))
    save_tiny(weights / ART, 1, ("oil", "chalk"))
    (folder / "examples" / ART / "oil").mkdir(parents=True)
    scene("disc", 3, 64)[0].save(folder / "examples" / ART / "oil" / "pond.png")
    network_calls: Counter[str] = Counter()

    def count(module: nn.Module, *_: object) -> None:
        if isinstance(module, Generator | Discriminator):
            network_calls[type(module).__name__] += 1

    hook = nn.modules.module.register_module_forward_hook(count)
    demo = create_demo(SCENES, weights, folder / "examples", "cpu", "fp32", training, runs_folder)
    address = launch_page(demo, training)
    try:
        yield LivePage(address, weights, network_calls, runs_folder, demo)
    finally:
        demo.close()
        hook.remove()
        for run in list_running(runs_folder):
            process.stop(run)
