"""Ids and stances: what every sample has, whatever its file looks like."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatbert.corpora.wording import quoted, quoted_list
from gatbert.errors import UserError
from gatbert.samples.stances import FAVOR

CONTENT_ID_LENGTH = 16
"""Letters of an id that is made of content: 64 bits, so that a million samples hardly ever share one."""


class Ids:
    """Name the samples of one file, and remember which names were given out.

    Args:
        path: The file, for errors.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.row_of_id: dict[str, int] = {}
        self.repeats: Counter[str] = Counter()

    def name(self, number: int, given: str, target: str, text: str) -> str:
        """Return the given id, or one that depends on the content alone: rows added later never change it.

        Raises:
            UserError: If the id was given out before.
        """
        name = without_decimal_point(given)
        if not name:
            name = content_id(target, text)
            # A text that stands twice in a file has two ids all the same: predictions are joined by them.
            self.repeats[name] += 1
            if self.repeats[name] > 1:
                name = f"{name}-{self.repeats[name]}"
        if (before := self.row_of_id.setdefault(name, number)) != number:
            raise UserError(
                f"{self.path}:{number}: the id {quoted(name)} stands in row {before} already; ids must be unique"
            )
        return name


class RowNumbers:
    """Name each sample by the number of its row: nothing is remembered of those before, however many there are."""

    def name(self, number: int, given: str, target: str, text: str) -> str:
        """Return the number."""
        return str(number)


def content_id(target: str, text: str) -> str:
    """Return the id of a sample for which its corpus has none."""
    # A character that no text has stands between them: no two pairs of target and text are joined to the same.
    return hashlib.sha256(f"{target}\x1f{text}".encode()).hexdigest()[:CONTENT_ID_LENGTH]


class Labels:
    """Turn the labels of one file into stances; upper and lower case do not distinguish them.

    Args:
        path: The file, for errors.
        labels: Stance of each label; ``None`` means that there is no gold.
        stances: Label set.
        skips: Whether ``None`` means instead that rows with this label are no part of the corpus.

    Raises:
        UserError: If a label is mapped to what is no stance.
    """

    def __init__(self, path: Path, labels: Mapping[str, str | None], stances: Sequence[str], skips: bool) -> None:
        for label, stance in labels.items():
            if stance is not None and stance not in stances:
                raise UserError(
                    f"label {quoted(str(label))} is mapped to {quoted(str(stance))}; the stances are "
                    f"{quoted_list(stances)}, and null skips the rows with the label"
                )
        self.path = path
        self.stances = stances
        self._skips = skips
        # As written goes before folded: a corpus may mean two things by N and n.
        folded = {str(label).casefold(): stance for label, stance in labels.items()}
        self.stance_of_label = folded | {str(label): stance for label, stance in labels.items()}

    def skip(self, label: str) -> bool:
        """Tell whether rows with a label are no part of the corpus."""
        key = self._key(label) if self._skips and label else None
        return key is not None and self.stance_of_label[key] is None

    def stance(self, number: int, label: str, require_stance: bool) -> str | None:
        """Return the stance of a label.

        Raises:
            UserError: If the label is unknown, or empty where a stance is required.
        """
        if not label:
            if require_stance:
                raise UserError(f"{self.path}:{number}: the stance is empty; known labels are {self._known()}")
            return None
        if (key := self._key(label)) is not None:
            return self.stance_of_label[key]
        example = json.dumps({label[:40]: FAVOR if FAVOR in self.stances else self.stances[0]}, ensure_ascii=False)
        raise UserError(
            f"{self.path}:{number}: unknown label {quoted(label)}; known labels are {self._known()}; say which stance "
            f"each label of the corpus means: labels in YAML, --data.labels '{example}' as a flag (--labels elsewhere)"
        )

    def _key(self, label: str) -> str | None:
        # As it stands, as it stood before a spreadsheet made 1.0 of 1, and in any case.
        keys = (label, without_decimal_point(label), label.casefold())
        return next((key for key in keys if key in self.stance_of_label), None)

    def _known(self) -> str:
        return quoted_list(list(dict.fromkeys(label.casefold() for label in self.stance_of_label)))


def as_written(label: str) -> str:
    """Return a label as the corpus writes it, one object for all its rows."""
    return sys.intern(without_decimal_point(label))


def without_decimal_point(value: str) -> str:
    """Write an integral number without its decimal point: spreadsheets turn 1 into 1.0."""
    # 1.0 and -2.00, but not 1.5, .0 or 1.
    head, point, tail = value.partition(".")
    return head if point and head.lstrip("-").isdigit() and tail.strip("0") == "" and tail else value
