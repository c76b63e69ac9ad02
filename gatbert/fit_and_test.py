"""Train, then test the best checkpoint: ``python -m gatbert.fit_and_test ARGS``."""

import sys

from gatbert.__main__ import run

if __name__ == "__main__":
    sys.exit(run("fit_and_test", sys.argv[1:]))
