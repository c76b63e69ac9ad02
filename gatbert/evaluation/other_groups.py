"""The groups of a report beside those of runs: other people's predictions, and baselines."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gatbert.errors import UserError
from gatbert.evaluation.corpus import Corpus, read_training
from gatbert.evaluation.folds import joined
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading
from gatbert.evaluation.predictions import Ints, Predictions
from gatbert.evaluation.report import Group, Step
from gatbert.evaluation.run_record import RunRecord
from gatbert.evaluation.runs import Run, Training
from gatbert.samples import Sample

Placed = tuple[PredictionFile, Ints]
"""A file, and the row in it of each sample of a test set."""


def placed(
    files: Sequence[PredictionFile], tests: Sequence[tuple[Predictions, Sequence[str | None]]]
) -> list[list[Placed]]:
    """Return the files that have the samples of each test set.

    Args:
        files: Files of predictions.
        tests: Predictions of a run on each test set, and the text of each sample, where it is known.

    Raises:
        UserError: If a file has the samples of none, with what it has and lacks of the nearest.
    """
    found: list[list[Placed]] = [[] for _ in tests]
    for file in files:
        refused: list[tuple[int, UserError]] = []
        for own, (test, texts) in zip(found, tests, strict=True):
            order = _order(file, test, texts)
            if isinstance(order, UserError):
                refused.append((file.num_shared(test), order))
            else:
                own.append((file, order))
        if len(refused) == len(tests):
            raise max(refused, key=lambda one: one[0])[1]
    return found


def _order(file: PredictionFile, test: Predictions, texts: Sequence[str | None]) -> Ints | UserError:
    try:
        return file.order(test, texts)
    except UserError as error:
        return error


def prediction_groups(
    files: Sequence[Placed], test: Predictions, reading: PredictionReading, taken: Sequence[str]
) -> tuple[list[Group], list[str]]:
    """Return a group for each name of some files, each file one of its seeds, and what is to be said of them.

    Args:
        files: Files that have the samples of a test set.
        test: Predictions of a run on it.
        reading: How labels and answers are read.
        taken: Names of other groups.

    Raises:
        UserError: If a name is taken, or a file cannot be read.
    """
    runs: dict[str, list[Run]] = {}
    notes = []
    for file, order in files:
        if file.name in taken:
            raise UserError(f"--predictions {file.name}={file.path}: {file.name} is a group of runs; give another name")
        predictions, unread = file.predictions(order, test, reading)
        runs.setdefault(file.name, []).append(Run(file.path, {}, RunRecord(), predictions, {}))
        if unread:
            notes.append(
                f"{unread:,} of {len(test):,} answers of {file.name} in {file.path} cannot be read, and count as "
                f"{reading.unanswered}."
            )
    return [Group(name, [run.predictions for run in own], own) for name, own in runs.items()], notes


def texts_of(test: Predictions, corpus: Corpus) -> list[str | None]:
    """Return the text of each sample, where it is known."""
    found = map(corpus.tested.get, test.ids.tolist())
    return [None if sample is None else sample.text for sample in found]


def baseline_groups(runs: Sequence[Run], corpus: Corpus, progress: Step) -> tuple[list[Group], list[str]]:
    """Train the baselines on the training samples of a run, and say which these are, or why there are none.

    Args:
        runs: Runs on one test set.
        corpus: Its texts.
        progress: Called with the name of a step and the share of it that is done, 0 to 1.
    """
    from gatbert.evaluation.baselines import (  # scikit-learn takes long to import
        MAJORITY,
        NGRAM_SVM,
        majority,
        ngram_svm,
    )

    trained = [(run, own) for run in runs if (own := _trainings(run))]
    if not trained:
        return [], ["There are no baselines: the run in which the model was trained is not there."]
    source, trainings = trained[0]
    samples: list[Sequence[Sample]] = []
    for training in trainings:
        train, about = read_training(training, source.predictions.stances)
        if not train:
            return [], [f"There are no baselines: {about}."]
        samples.append(train)
    progress("baselines", 0.0)
    tests = [part.predictions for part in source.parts]
    found = [_baseline(MAJORITY, source, [*map(majority, samples, tests)])]
    texts = [[text for text in texts_of(test, corpus) if text is not None] for test in tests]
    can_learn = all(len({sample.stance for sample in train}) > 1 for train in samples)
    if can_learn and [*map(len, texts)] == [*map(len, tests)]:
        found.append(_baseline(NGRAM_SVM, source, [*map(ngram_svm, samples, tests, texts)]))
    progress("baselines", 1.0)
    sizes = sorted({len(train) for train in samples})
    size = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    where = ", in each fold on its own" if source.folds else ""
    notes = [f"The baselines were trained on the {size} training samples of {about}{where}."]
    manifests = [[training.record.manifest("train") for training in own] for _, own in trained]
    # They are trained once, on the samples of one run.
    if any(manifest != manifests[0] for manifest in manifests):
        notes.append(f"Runs were trained on different samples; the baselines, on those of {source.path}.")
    return found, notes


def _trainings(run: Run) -> list[Training]:
    """Return the training behind a run, or those behind its folds; none, if one is gone."""
    found = [part.training for part in run.parts if part.training is not None]
    return found if len(found) == len(run.parts) else []


def _baseline(name: str, source: Run, parts: Sequence[Predictions]) -> Group:
    """Return a baseline as a group; where it was trained for each fold, of all folds together."""
    whole = joined(parts)
    place = {sample_id: row for row, sample_id in enumerate(whole.ids.tolist())}
    order = np.array([place[sample_id] for sample_id in source.predictions.ids.tolist()])
    predicted = replace(source.predictions, predicted=whole.predicted[order], probabilities=None)
    return Group(name, [predicted], baseline=True, folds=[parts] if source.folds else ())
