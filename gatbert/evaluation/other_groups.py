"""The groups of a report beside those of runs: other people's predictions, and baselines."""

from collections.abc import Sequence

from gatbert.errors import UserError
from gatbert.evaluation.corpus import Corpus, read_training
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading
from gatbert.evaluation.predictions import Ints, Predictions
from gatbert.evaluation.report import Group, Step
from gatbert.evaluation.run_record import RunRecord
from gatbert.evaluation.runs import Run

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

    source = next((run for run in runs if run.training is not None), None)
    if source is None or source.training is None:
        return [], ["There are no baselines: the run in which the model was trained is not there."]
    test = source.predictions
    train, about = read_training(source.training, test.stances)
    if not train:
        return [], [f"There are no baselines: {about}."]
    progress("baselines", 0.0)
    found = [Group(MAJORITY, [majority(train, test)], baseline=True)]
    texts = [text for text in texts_of(test, corpus) if text is not None]
    if len(texts) == len(test) and len({sample.stance for sample in train}) > 1:
        found.append(Group(NGRAM_SVM, [ngram_svm(train, test, texts)], baseline=True))
    progress("baselines", 1.0)
    notes = [f"The baselines were trained on the {len(train):,} training samples of {about}."]
    manifests = [run.training.record.manifest("train") for run in runs if run.training is not None]
    # They are trained once, on the samples of one run.
    if any(manifest != manifests[0] for manifest in manifests):
        notes.append(f"Runs were trained on different samples; the baselines, on those of {source.path}.")
    return found, notes
