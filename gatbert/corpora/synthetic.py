"""Controlled data as a corpus: a YAML file of settings stands for the samples that they make."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.corpora.wording import quoted_list
from gatbert.errors import UserError
from gatbert.files.text import decoded_lines
from gatbert.samples import Relations, Sample
from gatbert.samples.stances import STANCES


class SyntheticCorpusFormat:
    """Make the samples that a YAML file of ``SyntheticSettings`` describes, always the same for the same file."""

    labels: Mapping[str, str | None] = MappingProxyType({})

    def read(
        self,
        path: Path,
        columns: Mapping[str, str | None],
        labels: Mapping[str, str | None] | None,
        stances: Sequence[str],
        require_stance: bool,
        skipped: Counter[str],
    ) -> Iterator[Sample]:
        """Yield the samples; arguments and errors as in ``read_corpus``."""
        if columns:
            raise UserError(f"{path}: synthetic data have no columns to map; leave columns out")
        if missing := set(STANCES) - set(stances):
            raise UserError(f"{path}: synthetic data have the stance {sorted(missing)[0]!r}, which is none of yours")
        yield from generate(_settings(path))

    def relations(self, path: Path) -> Relations:
        """Return the relations of the controlled data."""
        return RELATIONS


MOST_SAID = 200
"""Characters of an error of the YAML parser that are shown."""

SYNTHETIC = SyntheticCorpusFormat()


def _settings(path: Path) -> SyntheticSettings:
    """Read the settings; whatever is no setting, or not accepted, is named with the file."""
    try:
        values: Any = yaml.safe_load("".join(decoded_lines(path, "utf-8")))
    except UserError:
        raise
    # PyYAML raises ValueError for impossible dates, and RecursionError for deep nesting.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:MOST_SAID]
        raise UserError(f"{path}: this is no YAML ({why}); accepted is NAME: VALUE per line") from error
    values = {} if values is None else values  # an empty file: all settings as they are by default
    known = [field.name for field in fields(SyntheticSettings)]
    if not isinstance(values, dict):
        raise UserError(
            f"{path}: {type(values).__name__} instead of settings; accepted are the settings {', '.join(known)}"
        )
    if unknown := [str(name) for name in values if name not in known]:
        raise UserError(f"{path}: unknown {quoted_list(unknown)}; accepted are the settings {', '.join(known)}")
    try:
        return SyntheticSettings(**values)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
