"""The plots of a report as files, for papers: each as SVG and as PDF, with text that stays text."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from gatbert.evaluation.plots import STYLE, figures
from gatbert.evaluation.report_record import Report

FORMATS = {"svg": "Date", "pdf": "CreationDate"}
"""Each with its mark of time, which is left out so that the same report gives the same files."""


def write_figures(folder: Path, reports: Sequence[Report]) -> None:
    """Write each plot as ``NAME.svg`` and ``NAME.pdf``, in the place of older ones.

    Args:
        folder: Where they go; it is made if it is not there. Of several reports, each has a folder in it, of the name
            of its test set.
        reports: The reports.

    Raises:
        OSError: If a file cannot be written.
    """
    for report in reports:
        place = folder if len(reports) == 1 else folder / report.test_set
        place.mkdir(parents=True, exist_ok=True)
        for name, figure in _named(report):
            # TrueType (42) in the place of outlines: journals ask for it, and its text can be searched.
            with rc_context({**STYLE, "pdf.fonttype": 42}):
                for kind, when in FORMATS.items():
                    figure.savefig(place / f"{name}.{kind}", metadata={when: None})


def _named(report: Report) -> Iterator[tuple[str, Figure]]:
    """Yield each plot with a name that any file system takes, and no other has."""
    taken: set[str] = set()
    for drawn in figures(report).values():
        for title, figure in drawn.items():
            plain = re.sub(r"[^\w.=-]+", "_", title)[:100].strip("_.")
            name = next(name for name in (plain, *(f"{plain}_{n}" for n in range(2, 1000))) if name not in taken)
            taken.add(name)
            yield name, figure
