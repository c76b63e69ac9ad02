"""What the page does when somebody asks: step by step, and whatever goes wrong becomes a sentence."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gatbert.app.limits import Limits
from gatbert.app.shown_model import ShownModel
from gatbert.app.table import TARGET, TEXT, Table, added_columns, read_table, write_table
from gatbert.app.view import answer, problem, rendered
from gatbert.errors import UserError, as_users_mistake

ROWS_AT_ONCE = 64
"""Rows after which the progress is shown anew."""

SHOWN_ROWS = 5

DEFECT = "The model failed on this; the terminal in which the page was started says why."

_LOG = logging.getLogger(__name__)


class FileAnswer(NamedTuple):
    """What is shown of a file: HTML, and the file to download once it is whole."""

    html: str
    path: Path | None = None


def answer_text(
    models: Mapping[str, ShownModel], text: str | None, target: str | None, limits: Limits
) -> Iterator[list[str]]:
    """Yield what is shown: what is wrong with the input, if something is, then each model's answer, and later why.

    Args:
        models: The models by name.
        text: What was typed.
        target: The same.
        limits: The most that is taken.
    """
    try:
        limits.check(text, target)
    except UserError as error:
        yield [problem(str(error)), *[""] * len(models)]
        return
    given = str(text), str(target)
    answered = [_answered(name, model, *given) for name, model in models.items()]
    shown = ["", *(html for html, _ in answered)]
    yield list(shown)
    for place, (name, model) in enumerate(models.items(), start=1):
        if (probabilities := answered[place - 1][1]) is not None:
            shown[place] = _explained(name, model, probabilities, *given)
            yield list(shown)


def answer_file(model: ShownModel, path: str | None, limits: Limits, folder: Path) -> Iterator[FileAnswer]:
    """Yield how far the rows of a file are, and at last the file with stance and probabilities.

    Args:
        model: The model.
        path: The file that was given, if one was.
        limits: The most that is taken.
        folder: Where the result is written.
    """
    if path is None:
        yield FileAnswer(problem("There is no file yet; choose one with the columns text and target."))
        return
    try:
        table = read_table(Path(path), limits, model.predictor.stances)
        found: list[Mapping[str, float]] = []
        for start in range(0, len(table.rows), ROWS_AT_ONCE):
            share = f"{100 * start / len(table.rows):.1f}"
            yield FileAnswer(rendered("progress.html", done=start, total=len(table.rows), share=share))
            rows = table.rows[start : start + ROWS_AT_ONCE]
            found += model.predict([row[TEXT] for row in rows], [row[TARGET] for row in rows])
        yield FileAnswer(_summary(table, found), write_table(table, found, folder))
    except Exception as error:  # a page shows a sentence, whatever happened
        yield FileAnswer(problem(_sentence(error)))


def _answered(name: str, model: ShownModel, text: str, target: str) -> tuple[str, Mapping[str, float] | None]:
    try:
        (found,) = model.predict([text], [target])
    except Exception as error:  # a page shows a sentence, whatever happened
        return problem(_sentence(error)), None
    return answer(name, model, found), found


def _explained(name: str, model: ShownModel, found: Mapping[str, float], text: str, target: str) -> str:
    try:
        return answer(name, model, found, model.explain(text, target))
    except Exception as error:  # the answer stays
        return answer(name, model, found, no_explanation=_sentence(error))


def _summary(table: Table, found: Sequence[Mapping[str, float]]) -> str:
    stances = list(found[0])
    likeliest = [max(one, key=one.__getitem__) for one in found]
    counts = Counter(likeliest)
    return rendered(
        "summary.html",
        name=table.name,
        total=len(found),
        counts=[(stance, counts[stance], f"{100 * counts[stance] / len(found):.1f}") for stance in stances],
        columns=added_columns(stances),
        rows=[
            (row[TEXT], row[TARGET], stance, f"{100 * one[stance]:.1f}")
            for row, stance, one in zip(table.rows[:SHOWN_ROWS], likeliest, found, strict=False)
        ],
    )


def _sentence(error: Exception) -> str:
    """Return what the page says of an error; a defect is told in full in the terminal."""
    mistake = as_users_mistake(error)
    if mistake is None:
        _LOG.error("the page could not answer", exc_info=error)
    return " ".join((mistake or DEFECT).split())
