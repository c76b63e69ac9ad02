"""Tests mirror the package."""

import os

# Two processes on two cores wait for each other where each of them computes on two threads. Libraries look when they
# are imported, which is after this.
os.environ.setdefault("OMP_NUM_THREADS", "1")
