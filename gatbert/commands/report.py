"""``gatbert report``: scores, intervals, tests and samples of several runs, from their folders alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from gatbert.arguments import CommandParser
from gatbert.commands.progress import Steps
from gatbert.evaluation.corpus import Corpus, read_samples
from gatbert.evaluation.explorer import explorer_samples
from gatbert.evaluation.grouping import group_runs, with_shared_flags
from gatbert.evaluation.latex import latex_table
from gatbert.evaluation.layout import Report
from gatbert.evaluation.overview import overview
from gatbert.evaluation.report import Group, Step, build_report
from gatbert.evaluation.report_folder import LATEX, NUMBERS, PAGE, TABLE, write_report
from gatbert.evaluation.runs import TRAIN, Run, find_runs, read_run
from gatbert.evaluation.tables import csv_table, terminal_tables
from gatbert.evaluation.test_sets import TestSet, by_test_set, differences
from gatbert.paths import output_folder
from gatbert.scores import SummaryScore, check_score

CORPUS_TYPE, WITH_GRAPHS = "data.init_args.corpus_type", ("graph", "synthetic")
"""Of runs on the same samples, those that were given graphs can show them."""


def report(
    runs: list[str],
    output: str = "report",
    split: Literal["test", "val"] = "test",
    score: SummaryScore = "macro_f1",
    baselines: bool = True,
    title: str = "Stance classification",
) -> dict[str, float]:
    """Compare runs: those that differ by their seed alone make a group.

    Args:
        runs: Run folders, folders of them, or globs.
        output: Folder for report.html, report.json, scores.csv and scores.tex; an older report there is replaced. Of
            runs on several test sets, each test set gets a folder of its own in it.
        split: Split whose predictions are compared.
        score: Score that leads tables and plots.
        baselines: Whether the majority class and an n-gram SVM are trained and compared too, if the training corpora
            are there.
        title: Title of the page.

    Returns:
        Seconds that each step took.
    """
    folder = output_folder(output)
    with Steps() as progress:
        folders, notes = find_runs(runs, split)
        read = []
        for number, path in enumerate(folders):
            progress("reading runs", number / len(folders))
            read.append(read_run(path, split))
        sets = by_test_set(read, split)
        for one in sets:
            check_score(score, one.runs[0].predictions.stances)
        progress("reading runs", 1.0)
        several = len(sets) > 1
        parts = [
            _part(
                one,
                split,
                score,
                baselines,
                f"{title}: {one.name}" if several else title,
                [] if several else notes,
                _named(progress, one, several),
            )
            for one in sets
        ]
        texts, notes = _together(parts, sets, title, notes, folder) if several else (parts[0].texts, [])
        write_report(folder, texts)
    console = Console()
    for part in parts:
        for table in terminal_tables(part.report):
            console.print(table)
        for note in part.report["notes"]:
            console.print(note, highlight=False, markup=False)
    for note in notes:
        console.print(note, highlight=False, markup=False)
    console.print(f"Everything was written to {folder}; open {folder / PAGE}", highlight=False, soft_wrap=True)
    return progress.seconds()


@dataclass(frozen=True)
class _Part:
    """Hold the report on one test set, and its files by name."""

    report: Report
    texts: Mapping[str, str]


def _part(
    tested: TestSet, split: str, score: str, baselines: bool, title: str, notes: Sequence[str], progress: Step
) -> _Part:
    """Report on one test set."""
    from gatbert.evaluation.page import render_page  # matplotlib takes long to import

    runs, left_out = with_shared_flags(tested.runs)
    groups = [Group(name, [run.predictions for run in own], own) for name, own in group_runs(runs).items()]
    source = max(runs, key=lambda run: (bool(run.settings.get(TRAIN)), run.settings.get(CORPUS_TYPE) in WITH_GRAPHS))
    corpus = read_samples(source.settings, source.predictions.ids.tolist(), source.predictions.stances, split)
    notes = [*notes, *left_out, *corpus.notes]
    if baselines:
        groups += _baselines(groups[0], corpus, progress)
        notes += _about_baselines(runs, source, corpus)
    found = build_report(groups, split, score, notes, progress, tested.name, tested.files)
    progress("page", 0.0)
    texts = {
        TABLE: csv_table(found),
        LATEX: latex_table(found),
        PAGE: render_page(title, explorer_samples(groups, corpus), found),
        NUMBERS: json.dumps(found, indent=1) + "\n",
    }
    progress("page", 1.0)
    return _Part(found, texts)


def _together(
    parts: Sequence[_Part], sets: Sequence[TestSet], title: str, notes: Sequence[str], folder: Path
) -> tuple[dict[str, str], list[str]]:
    """Return the files of the reports on several test sets, each in a folder of its own, and what is said of all."""
    from gatbert.evaluation.page import render_overview

    told = [
        f"{part.report['test_set']} ({len(one.runs)} runs, {part.report['num_samples']} samples) in {folder / one.name}"
        for part, one in zip(parts, sets, strict=True)
    ]
    notes = [
        f"The runs were tested on {len(sets)} test sets, which are not compared with each other: {'; '.join(told)}.",
        *differences(sets),
        *notes,
    ]
    whole = overview({one.name: part.report for one, part in zip(sets, parts, strict=True)}, notes)
    texts = {
        f"{one.name}/{name}": text for one, part in zip(sets, parts, strict=True) for name, text in part.texts.items()
    }
    return {**texts, PAGE: render_overview(title, whole), NUMBERS: json.dumps(whole, indent=1) + "\n"}, notes


def _named(progress: Step, tested: TestSet, several: bool) -> Step:
    """Return a progress whose steps say which of several test sets they are about."""
    return (lambda step, done: progress(f"{tested.name}: {step}", done)) if several else progress


def _baselines(group: Group, corpus: Corpus, progress: Step) -> list[Group]:
    """Train the baselines on all labelled samples of the corpora that were not predicted, as far as there are any."""
    from gatbert.evaluation.baselines import (
        MAJORITY,
        NGRAM_SVM,
        majority,
        ngram_svm,
    )  # scikit-learn takes long to import

    test = group.predictions[0]
    if not corpus.others:
        return []
    progress("baselines", 0.0)
    found = [Group(MAJORITY, [majority(corpus.others, test)])]
    texts = [corpus.tested[name].text for name in test.ids.tolist() if name in corpus.tested]
    if len(texts) == len(test) and len({sample.stance for sample in corpus.others}) > 1:
        found.append(Group(NGRAM_SVM, [ngram_svm(corpus.others, test, texts)]))
    progress("baselines", 1.0)
    return found


def _about_baselines(runs: Sequence[Run], source: Run, corpus: Corpus) -> list[str]:
    if not corpus.others:
        return ["There are no baselines: no run names labelled samples beside those that were predicted."]
    if any(run.settings.get(TRAIN) != source.settings.get(TRAIN) for run in runs):
        return [f"Runs were trained on different data; the baselines were trained on those of {source.path}."]
    return []


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("report", "Compare runs: scores, intervals, tests, samples.")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="Run folders, folders of them, or globs.")
    parser.add_function_arguments(report, skip={"runs"})
    config = parser.parse_args(args)
    del config["config"]
    report(**config.as_dict())
