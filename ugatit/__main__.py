"""Entry point of `python -m ugatit`."""

from ugatit.cli.main import main
from ugatit.training.distributed import exit_process

if __name__ == "__main__":
    exit_process(main())
