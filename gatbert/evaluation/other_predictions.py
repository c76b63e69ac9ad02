"""Other people's predictions: a file of another package, or of a language model's answers, as a group of a report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from gatbert.corpora.fields import Labels, without_decimal_point
from gatbert.corpora.rows import Row, json_rows, quoted_rows
from gatbert.corpora.table import generic_labels
from gatbert.corpora.wording import quoted, quoted_list
from gatbert.errors import UserError
from gatbert.evaluation.answers import label_of_answer
from gatbert.evaluation.predictions import PROBABILITY, Floats, Ints, Predictions, check_probabilities
from gatbert.files.paths import resolve
from gatbert.samples.stances import NEUTRAL

FORMATS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": quoted_rows,
    ".tsv": partial(quoted_rows, delimiter="\t"),
    ".jsonl": json_rows,
}
FIELDS = ("id", "text", "target", "predicted", "answer")


@dataclass(frozen=True)
class PredictionReading:
    """Say how files of predictions are read.

    Attributes:
        columns: Column of each field: id, or text and target; predicted, or answer; prob_STANCE. By default its name.
        labels: Stance of each label, beside the names of the stances; ``None`` for one that is no answer.
        unanswered: Stance that counts where there is no answer, or one that cannot be read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str | None] = field(default_factory=dict)
    unanswered: str = NEUTRAL

    def __post_init__(self) -> None:
        if unknown := [name for name in self.columns if name not in FIELDS and not name.startswith(PROBABILITY)]:
            accepted = f"{', '.join(FIELDS)} and {PROBABILITY}STANCE"
            raise UserError(f"--columns names {quoted(unknown[0])}, which is no field; the fields are {accepted}")


@dataclass(frozen=True, eq=False)
class PredictionFile:
    """Hold the rows of a file of predictions.

    Attributes:
        name: Name of its group.
        path: The file.
        rows: The fields of each row, with the line on which it starts.
    """

    name: str
    path: Path
    rows: Sequence[Row]

    @cached_property
    def by_id(self) -> bool:
        """Whether samples are known by their id; otherwise, by target and text."""
        return "id" in self.rows[0][1]

    def order(self, test: Predictions, texts: Sequence[str | None]) -> Ints:
        """Return the row of each sample ``(samples,)``.

        Args:
            test: Predictions of the samples that are compared.
            texts: Text of each of these samples, where it is known.

        Raises:
            UserError: If a sample is missing, stands there twice, or is none of these.
        """
        if self.by_id:
            wanted = _numbered((name,) for name in test.ids.tolist())
            own = _numbered((without_decimal_point(row["id"].strip()),) for _, row in self.rows)
        elif None in texts:
            raise UserError(f"{self.path} names samples by their text, and texts are missing here; give their ids")
        else:
            wanted = _numbered(map(_plain, test.targets.tolist(), map(str, texts)))
            own = _numbered(_plain(row["target"], row["text"]) for _, row in self.rows)
        place = {key: index for index, key in enumerate(own)}
        known = set(wanted)
        for key, (number, _) in zip(own, self.rows, strict=True):
            if key not in known:
                why = "stands there more than once" if (key[0], 1) in known else "is none of the samples of the runs"
                raise UserError(f"{self.path}:{number}: {quoted(key[0][-1])} {why}; give each of these, and no other")
        if missing := [key for key in wanted if key not in place]:
            raise UserError(
                f"{self.path} lacks {len(missing):,} of the {len(wanted):,} samples of the runs, such as "
                f"{quoted(missing[0][0][-1])}; give a row for each"
            )
        return np.array([place[key] for key in wanted], np.int64)

    def num_shared(self, test: Predictions) -> int:
        """Return how many of these targets or ids it names, to say which test set it is nearest to."""
        column, values = ("id", test.ids) if self.by_id else ("target", test.targets)
        named = {row[column].strip() for _, row in self.rows}
        return sum(value in named for value in values.tolist())

    def predictions(self, order: Ints, test: Predictions, reading: PredictionReading) -> tuple[Predictions, int]:
        """Return what it predicts of each sample, and how many answers could not be read.

        Args:
            order: Row of each sample.
            test: Predictions of the samples that are compared, of which gold and flags are taken.
            reading: How labels and answers are read.

        Raises:
            UserError: If a label or a probability is none, or they contradict each other.
        """
        probabilities = self._probabilities(test.stances)
        found = self._stances(test.stances, reading)
        if found is None:
            if probabilities is None:
                accepted = f"predicted, answer, or {', '.join(PROBABILITY + stance for stance in test.stances)}"
                raise UserError(
                    f"{self.path} has no column of predictions; the columns are {quoted_list(self.rows[0][1])}, and "
                    f"accepted are {accepted}; say which it is by --columns, such as {{predicted: COLUMN}}"
                )
            predicted, unread = probabilities.argmax(1), 0
        else:
            unread = found.count(None)
            if unread and reading.unanswered not in test.stances:
                raise UserError(
                    f"{self.path} has {unread} answers that cannot be read; say by --unanswered which stance counts "
                    f"in their place: {', '.join(test.stances)}"
                )
            places = [test.stances.index(reading.unanswered if stance is None else stance) for stance in found]
            predicted = np.array(places, np.int64)
        if probabilities is not None:
            check_probabilities(probabilities, predicted, self.path, [number for number, _ in self.rows])
            probabilities = probabilities[order]
        return replace(test, predicted=predicted[order], probabilities=probabilities), unread

    def _stances(self, stances: tuple[str, ...], reading: PredictionReading) -> list[str | None] | None:
        """Return the stance of each row, ``None`` where there is no answer; nothing if there is no column of them."""
        known = {**generic_labels(stances), **reading.labels}
        labels = Labels(self.path, known, stances, skips=False)
        if "predicted" in self.rows[0][1]:
            return [labels.stance(number, row["predicted"].strip(), require_stance=True) for number, row in self.rows]
        if "answer" not in self.rows[0][1]:
            return None
        said = [label_of_answer(row["answer"], known) for _, row in self.rows]
        return [None if label is None else known[label] for label in said]

    def _probabilities(self, stances: tuple[str, ...]) -> Floats | None:
        """Return the probabilities ``(rows, stances)``, if there are columns of all stances."""
        columns = [f"{PROBABILITY}{stance}" for stance in stances]
        if not set(columns) <= self.rows[0][1].keys():
            return None
        found = [[_number(row[name], f"{self.path}:{number}") for name in columns] for number, row in self.rows]
        return np.array(found, np.float64)


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UserError(f"{where}: the probability {quoted(text)} is no number; accepted are 0 to 1") from error


def read_prediction_files(given: Sequence[str], reading: PredictionReading) -> list[PredictionFile]:
    """Read the rows of files that are given as NAME=FILE.

    Raises:
        UserError: If one is not given so, is missing or damaged, or does not say which samples it is about.
    """
    paths = [_name_and_path(one) for one in given]
    files = [_read(name, path, reading.columns) for name, path in paths]
    for field_name in reading.columns:
        if not any(field_name in file.rows[0][1] for file in files):
            raise UserError(f"--columns: no file of --predictions has the column of {field_name}; give its name there")
    return files


def _name_and_path(given: str) -> tuple[str, Path]:
    name, equals, file = given.partition("=")
    if not (name.strip() and equals and file.strip()):
        raise UserError(f"--predictions {given!r} is not accepted; give NAME=FILE, such as GPT=answers.jsonl")
    path = resolve(file.strip())
    if not path.is_file():
        raise UserError(f"--predictions {given!r}: {path} {'is a folder' if path.is_dir() else 'does not exist'}")
    if path.suffix.lower() not in FORMATS:
        raise UserError(
            f"--predictions {given!r}: the ending {path.suffix!r} is unknown; known are {', '.join(FORMATS)}"
        )
    return name.strip(), path


def _read(name: str, path: Path, columns: Mapping[str, str]) -> PredictionFile:
    """Read a file, its fields by their own names."""
    rows = [(number, _renamed(row, columns)) for number, row in FORMATS[path.suffix.lower()](path)]
    if not rows:
        raise UserError(f"{path}: the file has no rows below its header")
    fields = rows[0][1].keys()
    if "id" not in fields and not {"text", "target"} <= fields:
        raise UserError(
            f"{path} says nowhere which samples it is about; the columns are {quoted_list(fields)}, and needed are id, "
            "or text and target; say which these are by --columns, such as {id: COLUMN}"
        )
    for number, row in rows:  # of JSON, each row has its own columns
        if absent := [column for column in fields if column not in row]:
            raise UserError(f"{path}:{number}: there is no {quoted(absent[0])}, which the first row has; fill it in")
    return PredictionFile(name, path, rows)


def _renamed(row: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    renamed = {name: row[column] for name, column in columns.items() if column in row}
    taken = set(columns.values()) | set(columns)
    return {**{name: value for name, value in row.items() if name not in taken}, **renamed}


def _plain(target: str, text: str) -> tuple[str, ...]:
    return " ".join(target.split()), " ".join(text.split())


def _numbered(keys: Iterator[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    """Return each key with how often it has been there: two samples may have one text."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append((key, seen[key]))
    return found
