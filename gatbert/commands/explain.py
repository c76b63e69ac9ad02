"""``gatbert explain``: what each word and concept contributes to a trained model's predictions."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from rich.console import Console
from rich.table import Table

from gatbert.console.checkpoint_arguments import parse_checkpoint_command
from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps
from gatbert.corpora import read_relations
from gatbert.errors import UserError
from gatbert.evaluation.explorer import NO_GRAPHS
from gatbert.evaluation.shown import signed
from gatbert.evaluation.subject import Subject
from gatbert.files.paths import atomic_folder, new_folder, resolve
from gatbert.ranges import PositiveInt, check_ranges
from gatbert.samples import Sample

if TYPE_CHECKING:  # torch takes seconds to import: mistakes in the arguments are told before
    from gatbert.data_modules import StanceDataModule
    from gatbert.explanations import Explanation
    from gatbert.stance_classifier.trained import TrainedClassifier

NO_CONCEPTS = "This classifier reads no concepts."


def explain_checkpoint(
    checkpoint: str,
    output: str,
    others: Sequence[str],
    ids: str | None = None,
    split: Literal["test", "val", "train", "predict"] = "test",
    max_samples: PositiveInt = 100,
) -> None:
    """Explain a trained model's predictions.

    Args:
        checkpoint: Checkpoint to explain, a .ckpt file.
        output: Folder for explanations.json and explanations.html; it must not exist.
        others: Further arguments of gatbert test.
        ids: Ids of the samples to explain, with commas between them; by default max_samples of the split.
        split: Split that is explained.
        max_samples: Most samples, evenly spread over the split; each costs some hundred predictions.
    """
    folder = new_folder(output)
    check_ranges(explain_checkpoint, {"max_samples": max_samples}, "--")
    wanted = None if ids is None else _names(ids)
    from gatbert.cli.subject import subject_of
    from gatbert.cli.tested_model import open_test, read_samples
    from gatbert.explanations.records import summary

    model, data = open_test(checkpoint, others)
    # Texts that are too long would be reported with each of their variants.
    logging.getLogger("gatbert").setLevel(logging.ERROR)
    samples = _chosen(read_samples(data, split), split, wanted, max_samples)
    explanations = _explained(model, samples)
    subject = subject_of(checkpoint, data, split)
    about = {**asdict(subject), **summary(explanations, model.stances)}
    with atomic_folder(folder) as aside:
        _write(aside, about, explanations, data, subject)
    _print(about, subject, folder)


def _names(ids: str) -> list[str]:
    names = [name.strip() for name in ids.split(",")]
    if not all(names):
        raise UserError(f"--ids {ids!r} has an empty entry; give ids of samples with commas between them")
    return list(dict.fromkeys(names))


def _chosen(samples: Sequence[Sample], split: str, wanted: list[str] | None, max_samples: int) -> list[Sample]:
    """Return the samples of some ids, or some that are evenly spread over the split."""
    if wanted is None:
        places = np.unique(np.linspace(0, len(samples) - 1, min(max_samples, len(samples))).round().astype(int))
        return [samples[place] for place in places.tolist()]
    by_id = {sample.id: sample for sample in samples}
    for name in wanted:
        if name not in by_id:
            raise UserError(
                f"the {split} split has no sample {name!r}; its {len(samples)} begin with {samples[0].id!r}"
            )
    return [by_id[name] for name in wanted]


def _explained(model: "TrainedClassifier", samples: Sequence[Sample]) -> list["Explanation"]:
    from gatbert.explanations import explain

    explanations = []
    with Steps() as progress:
        for number, sample in enumerate(samples, start=1):
            explanations.append(explain(model, sample))
            progress("explain", number / len(samples))
    return explanations


def _write(
    folder: Path,
    about: dict[str, Any],
    explanations: Sequence["Explanation"],
    data: "StanceDataModule",
    subject: Subject,
) -> None:
    """Write explanations.json and explanations.html."""
    from gatbert.evaluation.page import render_page
    from gatbert.explanations.records import page_samples, record
    from gatbert.stance_classifier.options import reads_graph

    whole = {"format_version": 1, "summary": about, "samples": [record(one, data.stances) for one in explanations]}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    (folder / "explanations.json").write_text(text + "\n", encoding="utf-8")
    file, corpus_type = data.corpus.typed_files()[0]
    relations = read_relations(resolve(file), corpus_type)
    reads_concepts = reads_graph(data.classifier) or data.pair.reads_concepts
    no_graphs = NO_GRAPHS if relations is None else None if reads_concepts else NO_CONCEPTS
    relation_labels = [] if relations is None else relations.labels()
    samples = page_samples(explanations, data.stances, relation_labels, no_graphs)
    page = render_page("Explanations", samples, notes=about["notes"], facts=subject.facts())
    (folder / "explanations.html").write_text(page, encoding="utf-8")


def _print(about: dict[str, Any], subject: Subject, folder: Path) -> None:
    """Print what was explained, and how faithful each method is."""
    console = Console()
    for label, value in subject.facts():
        console.print(f"{label}: {value}", highlight=False, soft_wrap=True, markup=False)
    table = Table("method", title=f"Probability lost as nodes are taken, {about['num_samples']} samples")
    for column in ("best first", "at random", "difference", "95 % interval"):
        table.add_column(column, justify="right")
    for name, one in about["faithfulness"].items():
        losses = [f"{one[key]:.3f}" for key in ("area", "random_area")]
        table.add_row(name, *losses, signed(one["difference"]), f"{signed(one['low'])} to {signed(one['high'])}")
    console.print(table)
    for note in about["notes"]:
        console.print(note, highlight=False, soft_wrap=True)
    console.print(f"The explanations were written to {folder}", highlight=False, soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser(
        "explain",
        "Explain a trained model's predictions. All further arguments, such as --data, are those of gatbert test.",
        files=False,
    )
    parser.add_argument("checkpoint", help="Checkpoint to explain, a .ckpt file; it must come first.")
    parser.add_function_arguments(explain_checkpoint, skip={"checkpoint", "others"})
    own, others = parse_checkpoint_command(parser, args)
    explain_checkpoint(**own, others=others)
