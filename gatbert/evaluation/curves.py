"""The learning curves of a run, from its ``metrics.csv``."""

import csv
import math
from pathlib import Path

from gatbert.errors import UserError

CURVES = ("train_loss", "val_loss", "val_macro_f1", "val_accuracy", "gate_layer", "lr-")
"""Beginnings of the series that are drawn."""

MOST_POINTS = 200
"""Points of a learning curve that are kept."""

LAST_STEP = 2**53

Curve = list[tuple[int, float]]


def read_curves(path: Path) -> dict[str, Curve]:
    """Read the points (step, value) of each series; values that are not finite are left out.

    Returns:
        Series by name; none where there is no such file.

    Raises:
        UserError: If a row is damaged, which is named.
    """
    if not path.is_file():
        return {}
    curves: dict[str, Curve] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        try:
            for row in rows:
                # csv puts what has no column there.
                if None in row:
                    raise ValueError("it has more fields than the first line")
                for name, value in row.items():
                    if value and name and name.startswith(CURVES) and math.isfinite(float(value)):
                        curves.setdefault(name, []).append((_step(row), float(value)))
        except (ValueError, TypeError, csv.Error) as error:
            damaged = f"{path}:{rows.line_num} is damaged: {str(error)[:100]}"
            raise UserError(f"{damaged}; remove the file to have a report without its curves") from error
    # Every n-th point, n rounded up, so that no more than MOST_POINTS are left.
    return {name: points[:: -(-len(points) // MOST_POINTS)] for name, points in curves.items()}


def _step(row: dict[str, str]) -> int:
    if row.get("step") is None:
        raise ValueError("it has no step")
    step = int(row["step"])
    if not 0 <= step <= LAST_STEP:
        raise ValueError(f"step {str(step)[:20]} is none")
    return step
