"""`python -m ugatit`."""

import sys

from ugatit.cli import main

if __name__ == "__main__":
    sys.exit(main())
