"""`python -m tests.chaos [r04 …] [--full]`."""

import sys

from tests.measure import main

if __name__ == "__main__":
    sys.exit(main("chaos", "r", "chaos.json", must_hold=True))
