"""The command line, `python -m ugatit`: options and one file a command."""

from ugatit.cli.main import main

__all__ = ["main"]
