"""A report as tables: for the terminal, as CSV and as LaTeX."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

Report = Mapping[str, Any]

LATEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def terminal_tables(report: Report) -> Iterator[Table]:
    """Yield the scores of each group, and the comparisons in the main score."""
    count = f"{report['num_samples']} samples of {report['split']}"
    scores = Table(
        "group", "runs", *report["scores"], title=f"{count}, mean ± std [95 % interval]", title_justify="left"
    )
    for group in report["groups"]:
        cells = [_with_interval(group["scores"][name]) for name in report["scores"]]
        scores.add_row(escape(group["name"]), str(len(group["runs"]) or "-"), *cells)
    yield scores
    main = [row for row in report["comparisons"] if row["score"] == report["main_score"]]
    if main:
        title = f"Differences in {report['main_score']}; p by bootstrap and randomisation, corrected by Holm"
        columns = ("first", "second", "difference", "effect", "p", "p", "< 0.05")
        differences = Table(*columns, title=title, title_justify="left")
        for row in main:
            differences.add_row(
                escape(row["first"]),
                escape(row["second"]),
                f"{percent(row['difference'], sign=True)}\n[{percent(row['low'])}, {percent(row['high'])}]",
                f"{row['effect_size']:.2f}",
                p_value(row["p_bootstrap_holm"]),
                p_value(row["p_randomisation_holm"]),
                "yes" if row["significant"] else "no",
            )
        yield differences


def csv_table(report: Report) -> str:
    """Return one row for each group, flag value and score; the flag is empty for the whole test set."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["group", "flag", "value", "num_samples", "score", "mean", "std", "low", "high"])
    for group in report["groups"]:
        whole = {"value": "", "num_samples": report["num_samples"], "scores": group["scores"]}
        for flag, rows in {"": [whole], **group["breakdowns"]}.items():
            for row in rows:
                for name, score in row["scores"].items():
                    numbers = ["" if value is None else f"{value:.6f}" for value in score.values()]
                    writer.writerow([group["name"], flag, row["value"], row["num_samples"], name, *numbers])
    return text.getvalue()


def latex_table(report: Report) -> str:
    """Return the scores of each group as a table for the package booktabs, in percent, the best of each column bold."""
    names = report["scores"]
    means = {name: max(round(100 * group["scores"][name]["mean"], 1) for group in report["groups"]) for name in names}
    lines = [
        f"% {report['num_samples']} samples of {report['split']}; mean and standard deviation over seeds, in percent",
        r"\begin{tabular}{l" + "r" * len(names) + "}",
        r"\toprule",
        " & ".join(["", *(latex(name.replace("_", " ")) for name in names)]) + r" \\",
        r"\midrule",
    ]
    for group in report["groups"]:
        cells = []
        for name in names:
            score = group["scores"][name]
            mean = f"{100 * score['mean']:.1f}"
            shown = rf"\textbf{{{mean}}}" if float(mean) == means[name] else mean
            cells.append(shown if score["std"] is None else rf"{shown} $\pm$ {100 * score['std']:.1f}")
        lines.append(" & ".join([latex(group["name"]), *cells]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def latex(text: str) -> str:
    """Escape what means something to LaTeX."""
    return "".join(LATEX_ESCAPES.get(character, character) for character in text)


def percent(value: float, sign: bool = False) -> str:
    """Return a share in percent, with one decimal."""
    return f"{100 * value:+.1f}" if sign else f"{100 * value:.1f}"


def p_value(value: float) -> str:
    """Return a p value with three decimals."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _with_interval(score: Mapping[str, Any]) -> str:
    std = "" if score["std"] is None else f" ± {percent(score['std'])}"
    return f"{percent(score['mean'])}{std}\n[{percent(score['low'])}, {percent(score['high'])}]"
