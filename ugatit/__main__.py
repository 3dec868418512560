"""`python -m ugatit`."""

from ugatit.cli import main
from ugatit.training.processes import leave

if __name__ == "__main__":
    leave(main())
