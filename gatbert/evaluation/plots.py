"""Plots of a report, as SVG: readable in grey, and with text that stays text."""

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gatbert.evaluation.report_record import GroupRow, Report

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
"""Told apart by colour-blind readers; source: Color Universal Design, Okabe and Ito 2008 (https://jfly.uni-koeln.de/color)."""

LINES, MARKERS = ("-", "--", "-.", ":"), "osD^vPX*"
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gatbert",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 9,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888",
    "axes.linewidth": 0.8,
    "legend.frameon": False,
}
WIDTH = 4.4


def plots(report: Report) -> dict[str, list[str]]:
    """Return the plots of a report by section, each an ``svg`` element."""
    return {
        section: [svg(figure, f"{section}{number}") for number, figure in enumerate(drawn.values())]
        for section, drawn in figures(report).items()
    }


def figures(report: Report) -> dict[str, dict[str, Figure]]:
    """Return the plots of a report by section and name; what there is no data for is not drawn."""
    groups = report.groups
    sure = {"calibration": _calibration(groups), "risk and coverage": _risk_coverage(groups)}
    return {
        "scores": {"scores": scores_plot(report)},
        "confusion": {f"confusion {group.name}": _confusion(group, report.stances) for group in groups},
        "calibration": {name: figure for name, figure in sure.items() if figure is not None},
        "curves": {f"curve {name}": figure for name, figure in _curves(groups).items()},
    }


def scores_plot(report: Report) -> Figure:
    """Draw the summary scores of each group with their intervals; a tick is a run."""
    groups, names = report.groups, report.scores
    with rc_context(STYLE):
        figure = Figure(figsize=(2.9 * len(names) + 1.0, 0.7 + 0.34 * len(groups)), layout="constrained")
        panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
        for axes, name in zip(panels, names, strict=True):
            for row, group in enumerate(groups):
                _draw_score(axes, row, group, name)
            axes.set_title(name.replace("_", " "), fontsize=10, loc="left")
            axes.set_yticks(range(len(groups)), [_short(group.name) for group in groups])
            axes.set_ylim(len(groups) - 0.5, -0.6)  # the first group at the top, as in tables
            axes.grid(axis="x", color="#e4e4e4", linewidth=0.8)
            axes.set_axisbelow(True)
            axes.tick_params(length=0)
            axes.set_xlabel("%")
    return figure


def _draw_score(axes: Axes, row: int, group: GroupRow, name: str) -> None:
    """Draw one score of a group: its interval, its mean upon it, and its runs below."""
    score, color = group.scores[name], _color(row, group)
    if score.low is not None and score.high is not None:
        axes.plot([100 * score.low, 100 * score.high], [row, row], color=color, linewidth=2, solid_capstyle="butt")
    axes.plot(100 * score.mean, row, MARKERS[row % len(MARKERS)], color=color, markersize=6)
    runs = [100 * run.scores[name] for run in group.runs]
    axes.plot(runs, [row + 0.24] * len(runs), "|", color=color, markersize=5)


def confusion_figure(confusion: npt.ArrayLike, stances: Sequence[str], title: str = "") -> Figure:
    """Draw a confusion matrix: counts, on the colour of their share of the gold stance.

    Args:
        confusion: Counts ``(stances, stances)``; row = gold, column = predicted.
        stances: Label set, in the order of rows and columns.
        title: What stands above it.
    """
    # (stances, stances)
    counts = np.asarray(confusion, float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    with rc_context({**STYLE, "axes.spines.left": False, "axes.spines.bottom": False}):
        figure = Figure(figsize=(1.2 + 0.75 * len(stances), 0.9 + 0.55 * len(stances)), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(len(stances)), stances)
        axes.set_yticks(range(len(stances)), stances)
        axes.tick_params(length=0)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")
        axes.set_title(title, fontsize=9, loc="left")
        for row, column in np.ndindex(*counts.shape):
            # Dark cells have light letters.
            color = "white" if shares[row, column] > 0.55 else "#222"
            told = f"{counts[row, column]:.0f}\n{100 * shares[row, column]:.0f} %"
            axes.text(column, row, told, ha="center", va="center", color=color, fontsize=8)
    return figure


def _confusion(group: GroupRow, stances: Sequence[str]) -> Figure:
    return confusion_figure(group.confusion, stances, _short(group.name))


def _calibration(groups: Sequence[GroupRow]) -> Figure | None:
    """Draw how often predictions of a confidence are right."""
    known = [(row, group, found) for row, group in enumerate(groups) if (found := group.calibration)]
    if not known:
        return None
    with rc_context(STYLE):
        figure, axes = _panel("confidence", "accuracy", "Reliability")
        axes.plot([0, 1], [0, 1], color="#bbb", linewidth=1, zorder=0)
        for row, group, found in known:
            points = [(one.confidence, one.accuracy) for one in found.bins if one.count]
            label = f"{_short(group.name)}, ECE {100 * found.ece:.1f} %"
            style = {"marker": MARKERS[row % len(MARKERS)], "markersize": 4, "clip_on": False, **_line(row, group)}
            axes.plot(*np.array(points, float).T, label=label, **style)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        _legend(figure, axes, len(known))
    return figure


def _risk_coverage(groups: Sequence[GroupRow]) -> Figure | None:
    """Draw the share of errors among the most confident predictions."""
    known = [(row, group, found) for row, group in enumerate(groups) if (found := group.risk_coverage)]
    if not known:
        return None
    with rc_context(STYLE):
        figure, axes = _panel("share of predictions kept", "share of errors", "Risk and coverage")
        for row, group, curve in known:
            label = f"{_short(group.name)}, area {curve.area:.3f}"
            _draw(axes, curve.coverage, curve.risk, label=label, **_line(row, group))
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
        _legend(figure, axes, len(known))
    return figure


def _curves(groups: Sequence[GroupRow]) -> dict[str, Figure]:
    """Draw each logged series over the steps, by its name; series that are the same in all runs share a plot."""
    names = sorted({name for group in groups for run in group.curves for name in run.series}, key=_curve_order)
    alike: dict[str, list[str]] = {}
    for name in names:
        of_runs = [run.series.get(name) for group in groups for run in group.curves]
        # Equal series, such as the learning rates of parameter groups, are equal as texts.
        alike.setdefault(repr(of_runs), []).append(name)
    return {first: _curve(groups, first, _short(_together(first, others))) for first, *others in alike.values()}


def _curve(groups: Sequence[GroupRow], name: str, title: str) -> Figure:
    """Draw one series, a line for each run, of which the first of a group stands in the legend."""
    with rc_context(STYLE):
        figure, axes = _panel("step", "", title)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        shown = 0
        for row, group in enumerate(groups):
            runs = [run.series[name] for run in group.curves if name in run.series]
            shown += bool(runs)
            for number, points in enumerate(runs):
                label = _short(group.name) if number == 0 else None
                steps, values = zip(*points, strict=True)
                _draw(axes, steps, values, label=label, alpha=0.8, **_line(row, group))
        _legend(figure, axes, shown)
    return figure


def _together(first: str, others: Sequence[str]) -> str:
    """Return the title of series that are the same: their parts after a slash tell parameter groups apart."""
    names = [first, *(name.rpartition("/")[2] for name in others)]
    return ", ".join(name.replace("_", " ") for name in names)


def _draw(axes: Axes, x: Sequence[float], y: Sequence[float], **style: Any) -> None:
    """Draw a line, of which a single point would be invisible without a marker."""
    is_point = len(x) == 1
    axes.plot(x, y, marker="o" if is_point else None, markersize=5, clip_on=not is_point, **style)


def _curve_order(name: str) -> tuple[int, str]:
    order = ("train_loss", "val_loss", "val_macro_f1", "val_accuracy")
    return (order.index(name) if name in order else len(order), name)


def _panel(x: str, y: str, title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, 3.3), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title, fontsize=10, loc="left")
    axes.grid(color="#ececec", linewidth=0.8)
    return figure, axes


def _legend(figure: Figure, axes: Axes, count: int) -> None:
    """Put the legend below the axes, where it hides nothing."""
    figure.set_size_inches(WIDTH, 3.1 + 0.17 * count)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", fontsize=8)


def _line(row: int, group: GroupRow) -> dict[str, Any]:
    return {"color": _color(row, group), "linestyle": LINES[row % len(LINES)], "linewidth": 1.5}


def _color(row: int, group: GroupRow) -> str:
    return "#7F7F7F" if group.baseline else COLORS[row % len(COLORS)]


def _short(name: str, most: int = 46) -> str:
    """Cut a name in its middle: what tells it apart may stand at either end."""
    kept = most // 2
    return name if len(name) <= most else f"{name[: most - kept - 1]}…{name[-kept:]}"


def svg(figure: Figure, prefix: str) -> str:
    """Return a figure as an ``svg`` element whose ids are unlike those of other figures."""
    text = io.StringIO()
    with rc_context(STYLE):
        figure.savefig(text, format="svg", metadata={"Date": None}, transparent=True)
    # An XML declaration and a doctype have no place within a page.
    svg = text.getvalue()[text.getvalue().index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
