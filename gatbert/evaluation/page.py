"""The page of a report or of explanations: one HTML file that needs no other, and no network."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gatbert.evaluation.drawing import COLORS
from gatbert.evaluation.plots import plots
from gatbert.evaluation.report_record import Overview, Report
from gatbert.evaluation.shown import (
    OVER_FOLDS,
    confidence_rows,
    detectable,
    fold_rows,
    interval,
    needed_seeds,
    p_value,
    percent,
)

ASSETS = Path(__file__).parent / "assets"


def render_page(
    title: str,
    samples: Mapping[str, Any],
    report: Report | None = None,
    notes: Sequence[str] = (),
    facts: Sequence[tuple[str, str]] = (),
) -> str:
    """Return a page.

    Args:
        title: Heading.
        samples: Samples for the explorer, column by column; see ``explorer_samples``.
        report: What ``build_report`` gives; without it, the page shows samples alone.
        notes: Sentences at the top, beside those of the report.
        facts: What the page is about, each with its label.
    """
    # Explanations bring their own facts; those of a report stand in it.
    files = [("data", ", ".join(report.files))] if report is not None and report.files else []
    return rendered(
        "page.html",
        title=title,
        report=report,
        plots={} if report is None else plots(report),
        confidence=[] if report is None else confidence_rows(report),
        over_folds=[] if report is None else fold_rows(report),
        about_over_folds=OVER_FOLDS,
        notes=[*(report.notes if report else ()), *notes],
        facts=[*files, *facts],
        has_samples=bool(samples["ids"]),
        no_graphs=samples["no_graphs"],
        data=_script(samples),
        colors=_script(COLORS),
        script=(ASSETS / "page.js").read_text(encoding="utf-8"),
    )


def render_overview(title: str, overview: Overview) -> str:
    """Return the page that leads to the reports on several test sets."""
    return rendered("overview.html", title=title, overview=overview)


def rendered(template: str, **values: Any) -> str:
    """Return a page from its template; what a template forgets is an error, and texts are escaped."""
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "p_value": p_value, "interval": interval}
    environment.filters |= {"detectable": detectable, "needed_seeds": needed_seeds}
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(style=style, **values)


def _script(values: Any) -> str:
    """Return JSON that cannot end the script element in which it stands."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
