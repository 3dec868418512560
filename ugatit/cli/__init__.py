"""The command line, `python -m ugatit`: one module per command, and the parser of options."""

from ugatit.cli.main import main

__all__ = ["main"]
