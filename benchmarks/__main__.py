"""Run benchmarks, print a table, and write ``benchmarks/results.json``."""

import argparse
import importlib
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Result

NAMES = (
    "startup",
    "graph_build",
    "graph_open",
    "tag",
    "similarity",
    "encode",
    "hybrid_step",
    "hybrid_gate",
    "predict_text",
    "report",
)


def main() -> int:
    """Run the benchmarks that are named, or all; exit status 1 if a ratio is beyond its bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed, as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run, of {', '.join(NAMES)}; by default all")
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"unknown benchmark {sorted(unknown)}; known are {', '.join(NAMES)}")
    results: list[Result] = []
    for name in names:
        results += importlib.import_module(f"benchmarks.{name}").run()
    _print(results)
    rows = [{"name": r.name, "ratio": r.ratio, "bar": r.bar, "holds": r.holds, "detail": r.detail} for r in results]
    Path(__file__).with_name("results.json").write_text(json.dumps(rows, indent=2) + "\n")
    return 0 if all(result.holds for result in results) else 1


def _print(results: list[Result]) -> None:
    table = Table("name", "ratio", "bar", "holds", "detail")
    for result in results:
        sign = ">=" if result.at_least else "<="
        holds = "yes" if result.holds else "NO"
        table.add_row(result.name, f"{result.ratio:.3f}", f"{sign} {result.bar}", holds, result.detail)
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
