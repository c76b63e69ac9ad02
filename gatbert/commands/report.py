"""``gatbert report``: scores, intervals, tests and samples of several runs, from their folders alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps
from gatbert.evaluation.comparison_plan import ALL, check_plan, planned_pairs
from gatbert.evaluation.corpus import Corpus, read_tested
from gatbert.evaluation.explorer import explorer_samples
from gatbert.evaluation.folds import pool_folds
from gatbert.evaluation.grouping import group_runs, with_shared_flags
from gatbert.evaluation.latex import latex_comparisons, latex_table
from gatbert.evaluation.markdown import markdown_tables
from gatbert.evaluation.other_groups import baseline_groups, placed, prediction_groups, texts_of
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading, read_prediction_files
from gatbert.evaluation.overview import overview
from gatbert.evaluation.report import Group, Step, build_report, group_of_runs
from gatbert.evaluation.report_folder import COMPARISONS, LATEX, NUMBERS, PAGE, TABLE, write_report
from gatbert.evaluation.report_record import Overview, Report
from gatbert.evaluation.runs import DATA_OPTIONS, find_runs, read_run
from gatbert.evaluation.scores import SummaryScore, check_score
from gatbert.evaluation.tables import csv_table, terminal_tables
from gatbert.evaluation.test_sets import TestSet, by_test_set, differences
from gatbert.files.paths import output_folder
from gatbert.files.records import to_plain
from gatbert.files.sections import find_section
from gatbert.ranges import Share, check_ranges
from gatbert.samples.stances import NEUTRAL

CORPUS_TYPE, WITH_GRAPHS = f"{DATA_OPTIONS}corpus_type", ("graph", "synthetic")
"""Formats of corpora that have graphs."""


def report(
    runs: list[str],
    output: str = "report",
    split: Literal["test", "val"] = "test",
    score: SummaryScore = "macro_f1",
    baselines: bool = True,
    compare: str = ALL,
    markdown: str | None = None,
    title: str = "Stance classification",
    predictions: Sequence[str] = (),
    columns: dict[str, str] | None = None,
    labels: dict[str, str | None] | None = None,
    unanswered: str = NEUTRAL,
    abstain_below: Share | None = None,
    figures: str | None = None,
) -> None:
    """Compare runs: those that differ by their seed alone make a group.

    Args:
        runs: Run folders, folders of them, or globs.
        output: Folder for report.html, report.json, scores.csv, scores.tex and comparisons.tex; an older report there
            is replaced. Of runs on several test sets, each test set gets a folder of its own in it.
        split: Split whose predictions are compared.
        score: Score that leads tables and plots.
        baselines: Whether the majority class and an n-gram SVM are trained and compared too, if the training corpora
            are there.
        compare: Comparisons that were planned, FIRST:SECOND with commas between several; all:SECOND for each other
            group with one, all for every pair. Of a group's name, a part that no other has is enough. The fewer there
            are, the smaller the differences that can be found.
        markdown: Section of a Markdown file to write the tables into, FILE#SECTION.
        title: Title of the page.
        predictions: Other people's predictions, NAME=FILE each, in csv, tsv or jsonl: a group of that name; several
            files of one name are several seeds.
        columns: Column of a field in those files: id, or text and target; predicted, or a language model's answer;
            prob_STANCE. By default a field's own name.
        labels: Stance of each label in those files, beside the stances' own names; null for what is no answer.
        unanswered: Stance that counts there in the place of an answer that cannot be read.
        abstain_below: Probability below which a prediction is none, to see the share and the score of the others.
        figures: Folder for the plots as files, each as SVG and as PDF; of several test sets, a folder for each in it.
    """
    check_ranges(report, {"abstain_below": abstain_below}, "--")
    check_plan(compare)
    reading = PredictionReading(columns or {}, labels or {}, unanswered)
    others = read_prediction_files(predictions, reading)
    folder, section = output_folder(output), None if markdown is None else find_section(markdown)
    drawn = None if figures is None else output_folder(figures, "figures")
    with Steps() as progress:
        tested, notes = _read(runs, split, progress)
        sets = _with_others(tested, split, others, reading)
        for one in sets:
            check_score(score, one.groups[0].predictions[0].stances)
            planned_pairs(compare, [group.name for group in one.groups], one.tested.name)
        asked = _Asked(split, score, baselines, compare, abstain_below)
        if len(sets) == 1:
            reports, notes = [_report(sets[0], asked, notes, progress)], []
        else:
            reports = [_report(one, asked, [], _named(progress, one.tested.name)) for one in sets]
            notes = [_about_sets(tested, folder), *differences(tested), *notes]
        progress("page", 0.0)
        write_report(folder, reports[0].texts(title) if len(sets) == 1 else _texts_of_several(reports, title, notes))
        if section is not None:
            section.write("\n".join(markdown_tables(one.report) for one in reports))
        if drawn is not None:
            from gatbert.evaluation.figures import write_figures

            write_figures(drawn, [one.report for one in reports])
        progress("page", 1.0)
    _print([one.report for one in reports], notes, folder)


@dataclass(frozen=True)
class _Asked:
    """Hold what is asked for of every test set; see ``report``."""

    split: str
    score: str
    baselines: bool
    compare: str
    abstain_below: float | None


@dataclass(frozen=True, eq=False)
class _Set:
    """Hold a test set with its groups, of runs and of other people's predictions, its texts, and what is said of it."""

    tested: TestSet
    groups: Sequence[Group]
    corpus: Corpus
    notes: Sequence[str]


@dataclass(frozen=True, eq=False)
class _SetReport:
    """Hold the report on one test set, and what its page shows of the samples."""

    report: Report
    samples: Mapping[str, Any]

    def texts(self, title: str) -> dict[str, str]:
        """Return its files."""
        from gatbert.evaluation.page import render_page  # matplotlib takes long to import

        return {
            TABLE: csv_table(self.report),
            LATEX: latex_table(self.report),
            COMPARISONS: latex_comparisons(self.report),
            PAGE: render_page(title, self.samples, self.report),
            NUMBERS: _json(self.report),
        }


def _read(patterns: Sequence[str], split: str, progress: Step) -> tuple[list[TestSet], list[str]]:
    """Read all runs, and return them by test set, with a sentence for each that has no predictions."""
    folders, notes = find_runs(patterns, split)
    runs = []
    for number, path in enumerate(folders):
        progress("reading runs", number / len(folders))
        runs.append(read_run(path, split))
    progress("reading runs", 1.0)
    whole, about_folds = pool_folds(runs)
    return by_test_set(whole, split), [*notes, *about_folds]


def _with_others(
    sets: Sequence[TestSet], split: str, files: Sequence[PredictionFile], reading: PredictionReading
) -> list[_Set]:
    """Read the texts of all test sets, and put other people's predictions beside the runs."""
    shared = [with_shared_flags(one.runs) for one in sets]
    corpora = []
    for runs, _ in shared:
        # Of runs on the same samples, one that was given graphs can show them.
        source = max(runs, key=lambda run: run.settings.get(CORPUS_TYPE) in WITH_GRAPHS)
        own = source.predictions
        corpora.append(read_tested(source.settings, own.ids.tolist(), own.stances, split, bool(source.folds)))
    tests = [runs[0].predictions for runs, _ in shared]
    where = placed(files, [(test, texts_of(test, corpus)) for test, corpus in zip(tests, corpora, strict=True)])
    found = []
    for tested, (runs, left_out), corpus, own_files in zip(sets, shared, corpora, where, strict=True):
        groups = [group_of_runs(name, own) for name, own in group_runs(runs).items()]
        names = [group.name for group in groups]
        others, unread = prediction_groups(own_files, runs[0].predictions, reading, names)
        found.append(_Set(tested, [*groups, *others], corpus, [*left_out, *unread, *corpus.notes]))
    return found


def _report(one: _Set, asked: _Asked, notes: Sequence[str], progress: Step) -> _SetReport:
    """Report on one test set."""
    groups, notes = [*one.groups], [*notes, *one.notes]
    if asked.baselines:
        trained, said = baseline_groups(one.tested.runs, one.corpus, progress)
        groups += trained
        notes += said
    about, how = (one.tested.name, one.tested.files), (asked.compare, asked.abstain_below)
    numbers = build_report(groups, asked.split, asked.score, notes, progress, *about, *how)
    return _SetReport(numbers, explorer_samples(groups, one.corpus))


def _about_sets(sets: Sequence[TestSet], folder: Path) -> str:
    """Say which test sets there are, and where the report on each lies."""
    sizes = [f"{len(one.runs)} runs, {len(one.runs[0].predictions)} samples" for one in sets]
    told = "; ".join(f"{one.name} ({size}) in {folder / one.name}" for one, size in zip(sets, sizes, strict=True))
    return f"The runs were tested on {len(sets)} test sets, which are not compared with each other: {told}."


def _texts_of_several(reports: Sequence[_SetReport], title: str, notes: Sequence[str]) -> dict[str, str]:
    """Return the files of the reports on several test sets, each in a folder of its name, and of what leads to them."""
    from gatbert.evaluation.page import render_overview

    by_name = {one.report.test_set: one for one in reports}
    texts = {
        f"{name}/{file}": text for name, one in by_name.items() for file, text in one.texts(f"{title}: {name}").items()
    }
    whole = overview({name: one.report for name, one in by_name.items()}, notes)
    return {**texts, PAGE: render_overview(title, whole), NUMBERS: _json(whole)}


def _json(record: Report | Overview) -> str:
    return json.dumps(to_plain(record), indent=1) + "\n"


def _named(progress: Step, name: str) -> Step:
    """Return a progress whose steps say which of several test sets they are about."""
    return lambda step, done: progress(f"{name}: {step}", done)


def _print(reports: Sequence[Report], notes: Sequence[str], folder: Path) -> None:
    """Print the tables of each test set with its notes, then the notes on all, and where everything lies."""
    console = Console()
    by_set = [shown for one in reports for shown in (*terminal_tables(one), *one.notes)]
    for shown in (*by_set, *notes):
        console.print(shown, highlight=False, markup=False)
    console.print(f"Everything was written to {folder}; open {folder / PAGE}", highlight=False, soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("report", "Compare runs: scores, intervals, tests, samples.")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="Run folders, folders of them, or globs.")
    parser.add_argument(
        "--predictions",
        action="append",
        type=str,
        default=[],
        metavar="NAME=FILE",
        help="Other people's predictions, in csv, tsv or jsonl: a group of that name; several files of one are seeds.",
    )
    parser.add_function_arguments(report, skip={"runs", "predictions"})
    config = parser.parse_args(args)
    del config["config"]
    report(**config.as_dict())
