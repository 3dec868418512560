"""Serve the Gradio page: read options and environment, build the page, launch it."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from ugatit import __version__
from ugatit.errors import TranslationError


def main(arguments: Sequence[str] | None = None, prog: str = "python app.py") -> int:
    """Serve the page until it is stopped, and return the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description="The page: translate pictures, see attention.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"), help="address to serve on")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("GRADIO_SERVER_PORT", "7860")), help="port to serve on"
    )
    parser.add_argument("--weights", metavar="NAME", help="weights chosen at the start")
    parser.add_argument("--no-training", action="store_true", help="serve without the means to train")
    options = parser.parse_args(arguments)
    prepare_environment()
    from viz.tabs.demo import create_demo, launch

    try:
        demo = create_demo(options.weights, training=not options.no_training, host=options.host)
    except TranslationError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    launch(demo, options.host, options.port, training=not options.no_training)
    return 0


def run_and_exit() -> NoReturn:
    """The entry point of the installed command `ugatit-lab`."""
    sys.exit(main(prog="ugatit-lab"))


def prepare_environment() -> None:
    """Set what Gradio reads when it is imported, and import `spaces` on a Space."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    if os.environ.get("SPACE_ID"):
        # ZeroGPU requires `spaces` to be imported before CUDA is initialised.
        with suppress(ImportError):
            import_module("spaces")
