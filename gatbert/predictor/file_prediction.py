"""From a file of texts to the same file with predictions: any number of rows in the memory of some."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from gatbert.console.terminal import Steps
from gatbert.corpora.background_file import with_backgrounds
from gatbert.corpora.own_file import OwnFile, Survey
from gatbert.corpora.row_tables import Table, table_type
from gatbert.errors import UserError
from gatbert.evaluation.predictions import PREDICTED, PROBABILITY
from gatbert.files.checksums import sha256_of_files
from gatbert.files.parts import Parts
from gatbert.files.shards import Shard, all_shards, files_of_shards
from gatbert.predictor.prediction import Prediction
from gatbert.predictor.predictor import AT_ONCE, StancePredictor
from gatbert.predictor.scoring import check_graphs
from gatbert.stance_classifier.trained import BATCH_SIZE

DIGITS = ".9g"
"""Digits of a probability, as in prediction files: all that 32 bits have."""


@dataclass(frozen=True, kw_only=True)
class FilePrediction:
    """Say how the rows of a file are predicted.

    Attributes:
        model: Who predicts them.
        file: The file.
        batch_size: Most texts that are computed together.
        abstain_below: Probability below which the likeliest stance is not predicted, and nothing is.
        backgrounds: Text of each target by its folded form, for classifiers that read it as the background.
    """

    model: StancePredictor
    file: OwnFile
    batch_size: int = BATCH_SIZE
    abstain_below: float | None = None
    backgrounds: Mapping[str, str] = field(default_factory=dict)

    def write(self, output: Path, shard: Shard | None = None, resume: bool = False) -> Counter[str | None]:
        """Write the rows of the file with their predictions; the output is whole or absent.

        Args:
            output: File to write, in the format of its ending.
            shard: Which part of the rows is predicted; by default all are.
            resume: Whether rows that an earlier process has left are kept, and predicted no more.

        Returns:
            How many of the rows that were predicted now have each stance, or none.

        Raises:
            UserError: If a row cannot be read, the file has columns of the same names, its graphs are those of another
                model, or what was begun is not to be gone on with. Nothing is written then.
        """
        if self.file.has_graphs:
            check_graphs(self.model, self.file.path, "graph")
        survey = self._file.survey()
        table = self._table(survey, output)
        start, end = (0, survey.num_rows) if shard is None else shard.bounds(survey.num_rows)
        parts = Parts(output)
        with parts.begun(self._settings(survey, shard), resume) as done:
            counts = self._write_parts(parts, table, start, end, done)
        parts.finish(table.join)
        return counts

    def join(self, output: Path) -> None:
        """Join the files of all shards, and remove them.

        Raises:
            UserError: If shards are missing, or one has other columns than this input.
        """
        found = files_of_shards(output)
        if not found:
            raise UserError(f"there are no shards of {output}, such as {Shard(1, 4).file(output).name}")
        shards = all_shards(found, output.name, "predict them first")
        table = self._table(self._file.survey(), output)
        aside = output.with_name(f".{output.stem}.partial{output.suffix}")
        try:
            table.join(shards, aside)
            aside.replace(output)
        finally:
            aside.unlink(missing_ok=True)
        for path in shards:
            path.unlink()

    @property
    def _file(self) -> OwnFile:
        """The file with the fields that the classifier reads of it."""
        read = self.model.preprocessor.pair.fields - ({"background"} if self.backgrounds else set())
        return replace(self.file, fields=read - {"text", "target"})

    def _write_parts(self, parts: Parts, table: Table, start: int, end: int, done: int) -> Counter[str | None]:
        """Predict the rows from ``start + done`` to before ``end``, some at a time."""
        counts: Counter[str | None] = Counter()
        rows = self._file.rows(start + done, end)
        with Steps() as progress:
            progress("predict", done / max(end - start, 1))
            while chunk := list(islice(rows, AT_ONCE)):
                samples = list(with_backgrounds([sample for _, sample in chunk], self.backgrounds))
                found = self.model.predict_samples(samples, self.batch_size, self.abstain_below)
                whole = [{**row, **_columns(one)} for (row, _), one in zip(chunk, found, strict=True)]
                parts.add(done, done + len(whole), partial(table.write, rows=whole))
                counts.update(one.stance for one in found)
                done += len(whole)
                progress("predict", done / (end - start))
        return counts

    def _table(self, survey: Survey, output: Path) -> Table:
        """Return how the output is written: the columns of the file, then those of a prediction."""
        probabilities = [f"{PROBABILITY}{stance}" for stance in self.model.stances]
        own = [PREDICTED, *probabilities]
        if taken := [name for name in own if name in survey.columns]:
            raise UserError(
                f"{self.file.path} has a column {taken[0]!r}, which predictions have, too; rename it, or remove it"
            )
        types = [*(self.file.schema or pa.schema([])), pa.field(PREDICTED, pa.string())]
        types += [pa.field(name, pa.float64()) for name in probabilities]
        return table_type(output)((*survey.columns, *own), pa.schema(types))

    def _settings(self, survey: Survey, shard: Shard | None) -> dict[str, Any]:
        """Return what decides the rows of the output, as plain values."""
        checkpoint = Path(self.model.source)
        files = (
            sorted(path for path in checkpoint.rglob("*") if path.is_file()) if checkpoint.is_dir() else [checkpoint]
        )
        return {
            "input": sha256_of_files([self.file.path]),
            "model": sha256_of_files(files),
            "columns": [*survey.columns],
            "reading": {"columns": dict(self.file.columns), "constants": dict(self.file.constants)},
            "shard": None if shard is None else shard.name,
            "abstain_below": self.abstain_below,
        }


def _columns(prediction: Prediction) -> dict[str, Any]:
    """Return what is added to a row."""
    probabilities = {f"{PROBABILITY}{stance}": float(f"{value:{DIGITS}}") for stance, value in prediction.items()}
    return {PREDICTED: prediction.stance, **probabilities}
