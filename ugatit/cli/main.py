"""The entry point of `python -m ugatit` and its commands, dataclasses whose fields are the options."""

from collections.abc import Sequence
from typing import NoReturn

from ugatit.cli.evaluate import Evaluate
from ugatit.cli.import_weights import Import
from ugatit.cli.list_weights import List
from ugatit.cli.options import Commands, run
from ugatit.cli.train import train_command
from ugatit.cli.translate import Translate
from ugatit.training.distributed import exit_process

COMMANDS: Commands = {
    "list": List,
    "translate": Translate,
    "train": train_command,
    "evaluate": Evaluate,
    "import": Import,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    return run("python -m ugatit", "Attention-guided image translation.", COMMANDS, arguments)


def run_and_exit() -> NoReturn:
    """The entry point of the installed command `ugatit`: run one command and end the process with its exit status."""
    exit_process(main())
