"""What came of a search: ``best.yaml``, ``trials.csv`` and a page."""

import csv
import io
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gatbert.evaluation.page import rendered
from gatbert.evaluation.plots import COLORS, STYLE, WIDTH, svg
from gatbert.files.paths import write_atomically
from gatbert.files.records import timestamp
from gatbert.search.record import SearchRecord
from gatbert.search.study import Study, TrialResult, best_first
from gatbert.search.trials import Trial, shown, taking_turns
from gatbert.version import __version__

BEST, TABLE, PAGE = "best.yaml", "trials.csv", "search.html"


def write_results(output: Path, record: SearchRecord, study: Study) -> TrialResult | None:
    """Write what is known of a search so far, and return its best trial, if one is finished.

    Args:
        output: Folder of the search.
        record: What it was started with.
        study: Its trials.
    """
    with taking_turns(output):
        results = study.results()
        best = next(iter(best_first(results, record.minimizes)), None)
        if best is not None:
            write_atomically(output / BEST, Trial(best.number).settings(output).read_text(encoding="utf-8"))
        write_atomically(output / TABLE, trials_table(results, record))
        write_atomically(output / PAGE, search_page(output, record, results, study.importances()))
    return best


def trials_table(results: Sequence[TrialResult], record: SearchRecord) -> str:
    """Return all trials as CSV, in their order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["trial", "status", record.score, "epochs", *record.space])
    for result in results:
        score = "" if result.score is None else result.score
        writer.writerow([result.number, result.state, score, result.num_epochs, *result.values.values()])
    return text.getvalue()


def search_page(
    output: Path, record: SearchRecord, results: Sequence[TrialResult], importances: Mapping[str, float]
) -> str:
    """Return the page of a search.

    Args:
        output: Its folder.
        record: What it was started with.
        results: Its trials.
        importances: How much each option explains, 0 to 1.
    """
    ordered = best_first(results, record.minimizes)
    plots = [svg(history_plot(results, record), "history")] if ordered else []
    if importances:
        plots.append(svg(importance_plot(importances), "importance"))
    return rendered(
        "search.html",
        title=f"Search in {output.name}",
        record=record,
        arguments=shlex.join(record.grid.arguments),
        best=ordered[0] if ordered else None,
        trials=[*ordered, *(result for result in results if result not in ordered)],
        counts=Counter(result.state for result in results),
        plots=plots,
        shown=shown,
        created=timestamp(),
        version=__version__,
    )


def history_plot(results: Sequence[TrialResult], record: SearchRecord) -> Figure:
    """Draw the score of each trial, and the best of the finished ones so far."""
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH * 1.5, 3.3), layout="constrained")
        axes = figure.subplots()
        for color, (state, marker) in zip(COLORS, (("finished", "o"), ("pruned", "x")), strict=False):
            points = [
                (result.number, result.score)
                for result in results
                if result.state == state and result.score is not None
            ]
            if points:
                numbers, scores = zip(*points, strict=True)
                axes.scatter(numbers, scores, s=18, marker=marker, color=color, label=state)
        done = [(r.number, r.score) for r in results if r.state == "finished" and r.score is not None]
        best = np.minimum.accumulate if record.minimizes else np.maximum.accumulate
        numbers, scores = zip(*done, strict=True)
        axes.step(numbers, best(scores), where="post", color=COLORS[0], linewidth=1.2, label="best so far")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(xlabel="trial", ylabel=record.score.replace("_", " "))
        axes.set_title("History", fontsize=10, loc="left")
        axes.set_axisbelow(True)
        axes.grid(color="#ececec", linewidth=0.8)
        figure.legend(loc="outside lower left", fontsize=8, ncols=3)
    return figure


def importance_plot(importances: Mapping[str, float]) -> Figure:
    """Draw how much each option explains, the most important at the top."""
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH * 1.2, 1.0 + 0.28 * len(importances)), layout="constrained")
        axes = figure.subplots()
        ordered = sorted(importances.items(), key=lambda pair: pair[1])
        axes.barh([name for name, _ in ordered], [value for _, value in ordered], color=COLORS[0], height=0.6)
        axes.set(xlabel="share explained", xlim=(0, 1))
        axes.set_title("Importance", fontsize=10, loc="left")
        axes.grid(axis="x", color="#ececec", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
    return figure
