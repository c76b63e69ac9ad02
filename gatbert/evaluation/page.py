"""The page of a report or of explanations: one HTML file that needs no other, and no network."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gatbert.evaluation.plots import plots
from gatbert.evaluation.tables import p_value, percent
from gatbert.knowledge.drawing import COLORS

ASSETS = Path(__file__).parents[1] / "assets" / "report"


def render_page(
    title: str, samples: Mapping[str, Any], report: Mapping[str, Any] | None = None, notes: Sequence[str] = ()
) -> str:
    """Return a page.

    Args:
        title: Heading.
        samples: Samples for the explorer, column by column; see ``explorer_samples``.
        report: What ``build_report`` gives; without it, the page shows samples alone.
        notes: Sentences at the top, beside those of the report.
    """
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "p_value": p_value}
    return environment.get_template("page.html").render(
        title=title,
        report=report,
        plots={} if report is None else plots(report),
        notes=[*(report["notes"] if report else ()), *notes],
        has_samples=bool(samples["ids"]),
        data=_script(samples),
        colors=_script(COLORS),
        style=(ASSETS / "page.css").read_text(encoding="utf-8"),
        script=(ASSETS / "page.js").read_text(encoding="utf-8"),
    )


def _script(values: Any) -> str:
    """Return JSON that cannot end the script element in which it stands."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
