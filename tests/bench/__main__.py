"""`python -m tests.bench [p01 …] [--full]`."""

import sys

from tests.measure import main

if __name__ == "__main__":
    sys.exit(main("bench", "p", "bench.json", must_hold=False))
