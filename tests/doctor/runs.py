"""Runs that are asked for, for tests of what is looked at."""

from gatbert.doctor.asked_run import AskedRun
from tests.command_line import CONFIGS


def asked(*args: object, steps: int = 0) -> AskedRun:
    """Return a run of the demo's posts with further arguments."""
    data = str(CONFIGS / "demo" / "data.yaml")
    return AskedRun("fit_and_test", ["-c", str(CONFIGS / "base.yaml"), "--data", data, *map(str, args)], steps)
