"""``gatbert report``: scores, intervals, tests and samples of several runs, from their folders alone."""

import json
from collections.abc import Sequence
from typing import Literal

from rich.console import Console

from gatbert.arguments import CommandParser
from gatbert.commands.progress import Steps
from gatbert.evaluation.baselines import MAJORITY, NGRAM_SVM, majority, ngram_svm
from gatbert.evaluation.corpus import Corpus, read_tested, read_training, training_manifest
from gatbert.evaluation.explorer import explorer_samples
from gatbert.evaluation.page import render_page
from gatbert.evaluation.report import Group, Step, build_report
from gatbert.evaluation.runs import Run, find_runs, group_runs, read_run, same_samples, with_shared_flags
from gatbert.evaluation.tables import csv_table, latex_table, terminal_tables
from gatbert.paths import resolve, write_whole


def report(
    runs: list[str],
    output: str = "report",
    split: Literal["test", "val"] = "test",
    score: str = "macro_f1",
    baselines: bool = True,
    title: str = "Stance classification",
) -> dict[str, float]:
    """Compare runs: those that differ by their seed alone make a group.

    Args:
        runs: Run folders, folders of them, or globs.
        output: Folder for report.html, report.json, scores.csv and scores.tex; an older report there is replaced.
        split: Split whose predictions are compared.
        score: Score that leads tables and plots.
        baselines: Whether the majority class and an n-gram SVM are trained and compared too, if the training corpora
            are there.
        title: Title of the page.

    Returns:
        Seconds that each step took.
    """
    folder = resolve(output)
    with Steps() as progress:
        folders, notes = find_runs(runs, split)
        read = []
        for number, path in enumerate(folders):
            progress("reading runs", number / len(folders))
            read.append(read_run(path, split))
        read, left_out = with_shared_flags(same_samples(read))
        notes += left_out
        groups = [
            Group(name, [run.predictions for run in members], members) for name, members in group_runs(read).items()
        ]
        progress("reading runs", 1.0)
        first = read[0]
        corpus = read_tested(first.settings, first.predictions.ids.tolist(), first.predictions.stances, split)
        notes += corpus.notes
        if baselines:
            trained, about = _baselines(read, corpus, progress)
            groups += trained
            notes += about
        found = build_report(groups, split, score, notes, progress)
        progress("page", 0.0)
        files = {
            "report.json": json.dumps(found, indent=1) + "\n",
            "scores.csv": csv_table(found),
            "scores.tex": latex_table(found),
            "report.html": render_page(title, explorer_samples(groups, corpus), found),
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / name, text)
        progress("page", 1.0)
    console = Console()
    for table in terminal_tables(found):
        console.print(table)
    for note in found["notes"]:
        console.print(note, highlight=False, markup=False)
    console.print(f"Everything was written to {folder}; open {folder / 'report.html'}", highlight=False, soft_wrap=True)
    return progress.seconds()


def _baselines(runs: Sequence[Run], corpus: Corpus, progress: Step) -> tuple[list[Group], list[str]]:
    """Train the baselines on the training samples of a run, and say which these are, or why there are none."""
    source = next((run for run in runs if run.training is not None), None)
    if source is None or source.training is None:
        return [], ["There are no baselines: the run in which the model was trained is not there."]
    test = source.predictions
    train, about = read_training(*source.training, test.stances)
    if not train:
        return [], [f"There are no baselines: {about}."]
    progress("baselines", 0.0)
    found = [Group(MAJORITY, [majority(train, test)])]
    texts = [corpus.tested[name].text for name in test.ids.tolist() if name in corpus.tested]
    if len(texts) == len(test) and len({sample.stance for sample in train}) > 1:
        found.append(Group(NGRAM_SVM, [ngram_svm(train, test, texts)]))
    progress("baselines", 1.0)
    notes = [f"The baselines were trained on the {len(train):,} training samples of {about}."]
    manifests = [training_manifest(run.training[1]) for run in runs if run.training is not None]
    if any(manifest != manifests[0] for manifest in manifests):
        notes.append(f"Runs were trained on different samples; the baselines, on those of {source.path}.")
    return found, notes


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("report", "Compare runs: scores, intervals, tests, samples.")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="Run folders, folders of them, or globs.")
    parser.add_function_arguments(report, skip={"runs"})
    config = parser.parse_args(args)
    del config["config"]
    report(**config.as_dict())
