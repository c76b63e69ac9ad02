"""Prediction files: what a run says of each sample, written, and read back and checked."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.errors import UserError
from gatbert.samples import Sample

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PREDICTED = "predicted"
FIXED = ("id", "target", "gold", PREDICTED)
PROBABILITY = "prob_"
UNKNOWN_STANCE = -(10**15)
"""In the place of the index of a gold stance that is not known: no array has such a place, from either end."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Hold the predictions of one run for one split, in the order of the corpus.

    Attributes:
        stances: Label set.
        ids: Name of each sample ``(samples,)``.
        targets: Target of each sample ``(samples,)``.
        gold: Index of the gold stance ``(samples,)``, ``UNKNOWN_STANCE`` where the corpus gives none.
        predicted: Index of the predicted stance ``(samples,)``.
        probabilities: ``(samples, stances)``; ``None`` for baselines that have none.
        flags: Values of each flag ``(samples,)``, by its name.
    """

    stances: tuple[str, ...]
    ids: npt.NDArray[np.str_]
    targets: npt.NDArray[np.str_]
    gold: Ints
    predicted: Ints
    probabilities: Floats | None
    flags: Mapping[str, npt.NDArray[np.str_]]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def known(self) -> Ints:
        """Positions of the samples whose gold stance is known ``(known,)``."""
        return np.flatnonzero(self.gold != UNKNOWN_STANCE)

    @property
    def cells(self) -> Ints:
        """Cell of the confusion matrix of each of these samples ``(known,)``: gold * stances + predicted."""
        return self.gold[self.known] * len(self.stances) + self.predicted[self.known]

    @property
    def confusion(self) -> Ints:
        """Counts of these samples ``(stances, stances)``; row = gold, column = predicted."""
        size = len(self.stances)
        return np.bincount(self.cells, minlength=size**2).reshape(size, size)

    def taken(self, order: Ints) -> "Predictions":
        """Return some samples, in an order given by their positions."""
        return Predictions(
            self.stances,
            self.ids[order],
            self.targets[order],
            self.gold[order],
            self.predicted[order],
            None if self.probabilities is None else self.probabilities[order],
            {flag: values[order] for flag, values in self.flags.items()},
        )


def write_predictions(
    path: Path,
    samples: Sequence[Sample],
    probabilities: Mapping[int, npt.NDArray[np.float32]],
    stances: Sequence[str],
    abstain_below: float | None = None,
) -> None:
    """Write one row per sample.

    Args:
        path: CSV file to write.
        samples: All samples of the split.
        probabilities: Stance probabilities ``(stances,)`` by position in ``samples``.
        stances: Label set, in the order of the probabilities.
        abstain_below: Probability below which the likeliest stance is not predicted, and nothing is.
    """
    flags = list(dict.fromkeys(flag for sample in samples for flag in sample.meta))
    # Aside first, so that a reader never takes half of it for all.
    aside = path.with_name(f".{path.name}.partial")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*FIXED, *(f"{PROBABILITY}{stance}" for stance in stances), *flags])
        for index in sorted(probabilities):
            sample, row = samples[index], probabilities[index]
            predicted = "" if abstain_below is not None and row.max() < abstain_below else stances[int(row.argmax())]
            numbers = [f"{value:.9g}" for value in row.tolist()]
            meta = [sample.meta.get(flag, "") for flag in flags]
            writer.writerow([sample.id, sample.target, sample.stance or "", predicted, *numbers, *meta])
    aside.replace(path)


def read_predictions(path: str | Path) -> Predictions:
    """Read a ``predictions.<split>.csv``.

    Raises:
        UserError: If the file is missing, no prediction file, or cut off or changed in some row, which is named.
    """
    file = Path(path)
    if not file.is_file():
        raise UserError(f"{file} does not exist; gatbert test and fit_and_test write it")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{file} is no longer UTF-8; run gatbert test again") from error
    # Every row that was written to its end has an end of line.
    if text and not text.endswith("\n"):
        raise UserError(f"{file} is cut off in its last line; run gatbert test again")
    rows = _rows(text, file)
    header = next(rows, [])
    stances = _stances(header, file)
    flags = len(FIXED) + len(stances)  # column of the first one
    columns = list(zip(*_checked(rows, file, len(header)), strict=True)) or [()] * len(header)
    if not columns[0]:
        raise UserError(f"{file} has no predictions")
    if (repeated := _repeated(columns[0])) is not None:
        raise UserError(f"{file} has several samples with the id {repeated[:40]!r}; ids must tell them apart")
    predicted = _indices(columns[3], stances, file, "predicted")
    return Predictions(
        stances,
        np.array(columns[0]),
        np.array(columns[1]),
        _indices(columns[2], stances, file, "gold"),
        predicted,
        _probabilities(columns[len(FIXED) : flags], predicted, file),
        {flag: np.array(values) for flag, values in zip(header[flags:], columns[flags:], strict=True)},
    )


def _stances(header: Sequence[str], file: Path) -> tuple[str, ...]:
    """Return the label set that the columns of probabilities name, after all columns are checked."""
    names = tuple(header[len(FIXED) :])
    stances = tuple(name.removeprefix(PROBABILITY) for name in names if name.startswith(PROBABILITY))
    flags = names[len(stances) :]
    if tuple(header[: len(FIXED)]) != FIXED or not stances or any(flag.startswith(PROBABILITY) for flag in flags):
        raise UserError(f"{file} is no prediction file of gatbert: it begins with {','.join(header)[:60]!r}")
    for columns in (names[: len(stances)], flags):
        if (repeated := _repeated(columns)) is not None:
            raise UserError(f"{file} has two columns {repeated[:40]!r}; run gatbert test again")
    return stances


def _repeated(names: Sequence[str]) -> str | None:
    """Return the first of some names that stands there more than once."""
    return next((name for name, count in Counter(names).items() if count > 1), None)


def _rows(text: str, file: Path) -> Iterator[list[str]]:
    """Yield the rows of a CSV file, of which a damaged one is named."""
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):  # noqa: B007
            yield row
    except csv.Error as error:
        raise UserError(f"{file}: row {number + 1} cannot be read: {error}; run gatbert test again") from error


def _checked(rows: Iterator[list[str]], file: Path, width: int) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=2):
        if len(row) != width:
            raise UserError(f"{file}: row {number} has {len(row)} fields of {width}; run gatbert test again")
        yield row


def _indices(values: tuple[str, ...], stances: tuple[str, ...], file: Path, column: str) -> Ints:
    """Return the index of each stance ``(samples,)``; a gold stance may be missing, a predicted one may not."""
    known: dict[str, int] = {stance: index for index, stance in enumerate(stances)}
    if column == "gold":
        known[""] = UNKNOWN_STANCE
    for row, value in enumerate(values, start=2):
        if value not in known:
            raise UserError(f"{file}: row {row} has {column} {value[:40]!r}; accepted are {', '.join(stances)[:200]}")
    return np.fromiter((known[value] for value in values), np.int64, len(values))


def _probabilities(columns: list[tuple[str, ...]], predicted: Ints, file: Path) -> Floats:
    """Return the probabilities ``(samples, stances)``; the predicted stance of each sample has none above its own."""
    # (samples, stances)
    try:
        found: npt.NDArray[Any] = np.array(columns, dtype=object).astype(np.float64).T
    except ValueError as error:
        row, value = next(
            (n, value) for n, row in enumerate(zip(*columns, strict=True)) for value in row if not _is_number(value)
        )
        raise UserError(f"{file}: row {row + 2} has the probability {value[:40]!r}, which is no number") from error
    check_probabilities(found, predicted, file, range(2, len(found) + 2), "; run gatbert test again")
    return found


def check_probabilities(found: Floats, predicted: Ints, file: Path, rows: Sequence[int], remedy: str = "") -> None:
    """Refuse probabilities that are none, or that contradict the predicted stances.

    Args:
        found: Probabilities ``(samples, stances)``.
        predicted: Index of the predicted stance ``(samples,)``.
        file: Where they stand.
        rows: Number of each row in it.
        remedy: What to do, at the end of the message.

    Raises:
        UserError: With the first wrong row.
    """
    # (samples,)
    own = found[np.arange(len(found)), predicted]
    for wrong, why in (
        (~((found >= 0) & (found <= 1)).all(1), "has a probability that is not between 0 and 1"),
        (np.abs(found.sum(1) - 1) >= 1e-3, "has probabilities that do not sum to 1"),
        (own < found.max(1), "predicts another stance than the one with the highest probability"),
    ):
        if wrong.any():
            raise UserError(f"{file}: row {rows[int(wrong.argmax())]} {why}{remedy}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
