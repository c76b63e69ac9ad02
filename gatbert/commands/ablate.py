"""``gatbert ablate``: what a trained model loses without its target, its text or its graph."""

import csv
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gatbert.arguments import CommandParser
from gatbert.checkpoints import Recipe
from gatbert.commands.progress import Steps
from gatbert.commands.trained import parse, run_test
from gatbert.corpora import read_relations
from gatbert.data_modules import StanceDataModule
from gatbert.evaluation.ablation import GRAPH_CONDITIONS, INTACT, PARTS, Ablation, Row, ablation, check_score
from gatbert.evaluation.predictions import read_predictions
from gatbert.paths import new_folder, resolve

NO_GRAPH = "The corpus has no graphs: they were neither removed nor shuffled."


def ablate(checkpoint: str, output: str, others: Sequence[str], score: str = "macro_f1") -> None:
    """Test a trained model as it is, and with parts of its input hidden or wrong.

    Args:
        checkpoint: Checkpoint to test, a .ckpt file.
        output: Folder for ablation.json, ablation.csv and a run folder for each condition; it must not exist.
        others: Further arguments of gatbert test.
        score: Score that is compared: accuracy, macro_f1 or favor_against_f1.
    """
    folder = new_folder(output)
    check_score(score, Recipe.read(checkpoint).stances)
    data = _test(checkpoint, folder, INTACT, others)
    predictions = {INTACT: _predictions(folder, INTACT)}
    has_graphs = any(read_relations(resolve(file), data.corpus_type) for file in data.files())
    conditions = [name for name in PARTS if has_graphs or name not in GRAPH_CONDITIONS]
    with Steps() as progress:
        for number, name in enumerate(conditions, start=1):
            _test(checkpoint, folder, name, [*others, f"--data.transforms={[*data.transforms, name]}"])
            predictions[name] = _predictions(folder, name)
            progress("ablate", number / len(conditions))
    found = ablation(predictions, score)
    notes = [] if has_graphs else [NO_GRAPH]
    _write(folder, {"format_version": 1, "checkpoint": checkpoint, **asdict(found), "notes": notes}, found.rows)
    _print(found, notes, folder)


def _test(checkpoint: str, folder: Path, condition: str, others: Sequence[str]) -> StanceDataModule:
    """Test under one condition, which leaves an ordinary run folder, and return the data."""
    where = {"save_dir": folder.parent, "name": folder.name, "version": condition}
    flags = [f"--trainer.logger.init_args.{name}={value}" for name, value in where.items()]
    with redirect_stdout(sys.stderr):  # standard output is for the result
        cli = run_test(checkpoint, [*others, "--trainer.logger=TensorBoardLogger", *flags])
    data: StanceDataModule = cli.datamodule
    return data


def _predictions(folder: Path, condition: str) -> Any:
    return read_predictions(folder / condition / "predictions.test.csv")


def _write(folder: Path, whole: dict[str, Any], rows: Sequence[Row]) -> None:
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    (folder / "ablation.json").write_text(text + "\n", encoding="utf-8")
    with (folder / "ablation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _print(found: Ablation, notes: Sequence[str], folder: Path) -> None:
    table = Table("condition", title=f"{found.score} on {found.num_samples} samples, with 95 % intervals")
    for column in (found.score, "difference", "p (Holm)", "changed"):
        table.add_column(column, justify="right")
    for row in found.rows:
        table.add_row(*_cells(row))
    console = Console()
    console.print(table)
    for said in (*(row.sentence for row in found.rows), *notes):
        console.print(said, highlight=False, soft_wrap=True)
    console.print(f"Everything was written to {folder}", highlight=False, soft_wrap=True)


def _cells(row: Row) -> list[str]:
    score = f"{row.score:.3f}\n{row.low:.3f} to {row.high:.3f}"
    if row.condition == INTACT:
        return [row.condition, score]
    difference = f"{row.difference:+.3f}\n{row.difference_low:+.3f} to {row.difference_high:+.3f}"
    return [row.condition, score, difference, f"{row.p_holm:.4f}", f"{row.changed:.1%}"]


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser(
        "ablate",
        "Test a trained model with parts of its input hidden or wrong. All further arguments, such as --data, are "
        "those of gatbert test.",
    )
    parser.add_argument("checkpoint", help="Checkpoint to test, a .ckpt file; it must come first.")
    parser.add_function_arguments(ablate, skip={"checkpoint", "others"})
    own, others = parse(parser, args)
    ablate(**own, others=others)
