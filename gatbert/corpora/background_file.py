"""Backgrounds of targets from a file: JSON lines of ``{target: text}``, one target a line, or many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gatbert.corpora.rows import json_rows
from gatbert.corpora.wording import quoted
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.samples.phrases import fold


def read_backgrounds(path: Path) -> dict[str, str]:
    """Return the background of each target, by its folded form: case, white space and diacritics do not distinguish.

    Args:
        path: JSON lines, each an object of target and text.

    Raises:
        UserError: If the file is missing, no JSON lines, has two texts for a target, or none at all.
    """
    if not path.is_file():
        raise UserError(f"background_file {path} does not exist; paths are relative to {Path.cwd()}")
    found: dict[str, str] = {}
    for number, row in json_rows(path):
        for target, text in row.items():
            if text.strip() and found.setdefault(fold(target), text.strip()) != text.strip():
                raise UserError(f"{path}:{number}: the target {quoted(target)} has another text before; keep one")
    if not found:
        raise UserError(f"{path}: no target has a text; accepted is one {{target: text}} per line")
    return found


def with_backgrounds(samples: Sequence[Sample], backgrounds: Mapping[str, str]) -> Iterator[Sample]:
    """Yield samples with the backgrounds of their targets; of a target without one, they keep their own.

    Args:
        samples: The samples.
        backgrounds: Texts by folded target.
    """
    for sample in samples:
        text = backgrounds.get(fold(sample.target))
        yield sample if text is None else replace(sample, background=text)
