"""``gatbert ablate``: what a trained model loses without its target, its text or its graph."""

import csv
import io
import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from gatbert.console.checkpoint_arguments import parse_checkpoint_command
from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps
from gatbert.corpora import read_relations
from gatbert.evaluation.ablation import GRAPH_CONDITIONS, INTACT, NEGLIGIBLE, Ablation, Row, ablation
from gatbert.evaluation.ablation_sentences import PARTS
from gatbert.evaluation.predictions import Predictions, read_predictions
from gatbert.evaluation.scores import SummaryScore, check_score
from gatbert.evaluation.shown import signed
from gatbert.evaluation.subject import Subject
from gatbert.files.paths import new_folder, resolve, write_atomically
from gatbert.ranges import Share, check_ranges

if TYPE_CHECKING:  # torch takes seconds to import: mistakes in the arguments are told before
    from gatbert.data_modules import StanceDataModule

NO_GRAPH = "The corpus has no graphs: they were neither removed nor shuffled."


def ablate(
    checkpoint: str,
    output: str,
    others: Sequence[str],
    score: SummaryScore = "macro_f1",
    negligible: Share = NEGLIGIBLE,
) -> None:
    """Test a trained model as it is, and with parts of its input hidden or wrong.

    Args:
        checkpoint: Checkpoint to test, a .ckpt file.
        output: Folder for ablation.json, ablation.csv and a run folder for each condition; it must not exist.
        others: Further arguments of gatbert test.
        score: Score that is compared.
        negligible: Size of a difference that hardly matters; that it does is said only of an interval within it.
    """
    check_ranges(ablate, {"negligible": negligible}, "--")
    folder = new_folder(output)
    from gatbert.cli.subject import subject_of
    from gatbert.pretrained.checkpoints import Recipe

    check_score(score, Recipe.read(checkpoint).stances)
    try:
        data = _test(checkpoint, folder, INTACT, others)
        predictions = {INTACT: _predictions(folder, INTACT)}
        has_graphs = any(read_relations(resolve(file), kind) for file, kind in data.corpus.typed_files())
        conditions = [name for name in PARTS if has_graphs or name not in GRAPH_CONDITIONS]
        with Steps() as progress:
            for number, name in enumerate(conditions, start=1):
                _test(checkpoint, folder, name, [*others, f"--data.transforms={[*data.transforms, name]}"])
                predictions[name] = _predictions(folder, name)
                progress("ablate", number / len(conditions))
        found, subject = ablation(predictions, score, negligible), subject_of(checkpoint, data, "test")
        notes = [] if has_graphs else [NO_GRAPH]
        _write(folder, {"format_version": 1, **asdict(subject), **asdict(found), "notes": notes}, found.rows)
    except BaseException:  # half of the conditions say nothing, and would be in the way of the next attempt
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _print(found, subject, notes, folder)


def _test(checkpoint: str, folder: Path, condition: str, others: Sequence[str]) -> "StanceDataModule":
    """Test under one condition, which leaves an ordinary run folder, and return the data."""
    from gatbert.cli.tested_model import run_test

    where = {"save_dir": folder.parent, "name": folder.name, "version": condition}
    flags = [f"--trainer.logger.init_args.{name}={value}" for name, value in where.items()]
    with redirect_stdout(sys.stderr):  # standard output is for the result
        cli = run_test(checkpoint, [*others, "--trainer.logger=TensorBoardLogger", *flags])
    data: StanceDataModule = cli.datamodule
    return data


def _predictions(folder: Path, condition: str) -> Predictions:
    return read_predictions(folder / condition / "predictions.test.csv")


def _write(folder: Path, whole: dict[str, Any], rows: Sequence[Row]) -> None:
    table = io.StringIO()
    writer = csv.DictWriter(table, list(asdict(rows[0])), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_atomically(folder / "ablation.csv", table.getvalue())
    write_atomically(folder / "ablation.json", json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def _print(found: Ablation, subject: Subject, notes: Sequence[str], folder: Path) -> None:
    """Print what was tested, and the scores under each condition."""
    console = Console()
    for label, value in subject.facts():
        console.print(f"{label}: {value}", highlight=False, soft_wrap=True, markup=False)
    table = Table("condition", title=f"{found.score} on {found.num_samples} samples, with 95 % intervals")
    for column in (found.score, "difference", "p (Holm)", "changed"):
        table.add_column(column, justify="right")
    for row in found.rows:
        table.add_row(*_cells(row))
    console.print(table)
    for said in (*(row.sentence for row in found.rows), *notes):
        console.print(said, highlight=False, soft_wrap=True)
    console.print(f"Everything was written to {folder}", highlight=False, soft_wrap=True)


def _cells(row: Row) -> list[str]:
    score = f"{row.score:.3f}\n{row.low:.3f} to {row.high:.3f}"
    if row.condition == INTACT:
        return [row.condition, score]
    difference = f"{signed(row.difference)}\n{signed(row.difference_low)} to {signed(row.difference_high)}"
    return [row.condition, score, difference, f"{row.p_holm:.4f}", f"{row.changed:.1%}"]


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser(
        "ablate",
        "Test a trained model with parts of its input hidden or wrong. All further arguments, such as --data, are "
        "those of gatbert test.",
        files=False,
    )
    parser.add_argument("checkpoint", help="Checkpoint to test, a .ckpt file; it must come first.")
    parser.add_function_arguments(ablate, skip={"checkpoint", "others"})
    own, others = parse_checkpoint_command(parser, args)
    ablate(**own, others=others)
