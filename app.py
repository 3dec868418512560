"""`python app.py`: serve the page, here or as a Hugging Face Space; an installed package has it as `ugatit-lab`."""

import sys

from viz.tabs.serve import main

if __name__ == "__main__":
    sys.exit(main())
