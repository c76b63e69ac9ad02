"""Groups beside those of runs, and the test sets to which they belong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatbert.corpora.splits import Splits
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.errors import UserError
from gatbert.evaluation.baselines import MAJORITY, NGRAM_SVM, majority, ngram_svm
from gatbert.evaluation.corpus import read_tested
from gatbert.evaluation.folds import pool_folds
from gatbert.evaluation.other_groups import baseline_groups, placed, prediction_groups
from gatbert.evaluation.other_predictions import PredictionFile, PredictionReading
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report import build_report
from gatbert.evaluation.run_record import DataRecord, RunRecord, split_manifest
from gatbert.evaluation.runs import Run, Training
from gatbert.samples.stances import STANCES
from tests.evaluation.made import groups, made_predictions
from tests.tiny import corpus_rows, write_corpus

SMALL = made_predictions(np.random.default_rng(0), 30, 0.5)
LARGE = made_predictions(np.random.default_rng(0), 60, 0.5)


def file(name: str, test: Predictions, last: int | None = None) -> PredictionFile:
    rows = [(2, {"id": one, "predicted": test.stances[gold]}) for one, gold in zip(test.ids, test.gold, strict=True)]
    return PredictionFile(name, Path(f"{name}.csv"), rows[:last])


def test_a_file_belongs_to_the_test_set_whose_samples_it_has() -> None:
    tests = [(one, [None] * len(one)) for one in (SMALL, LARGE)]
    small, large = file("a", SMALL), file("b", LARGE)
    found = placed([large, small], tests)
    assert [[one for one, _ in own] for own in found] == [[small], [large]]
    with pytest.raises(UserError, match=r"c\.csv lacks 10 of the 60 samples"):
        placed([file("c", LARGE, 50)], tests)


def test_files_of_one_name_are_seeds_of_one_group() -> None:
    (of_runs,) = groups([0.5], 60)
    test = of_runs.predictions[0]
    files = [(file(name, test), np.arange(60)) for name in ("GPT", "GPT", "Other")]
    found, notes = prediction_groups(files, test, PredictionReading(), [of_runs.name])
    assert [(group.name, len(group.runs), group.baseline) for group in found] == [
        ("GPT", 2, False),
        ("Other", 1, False),
    ]
    assert notes == []
    report = build_report([of_runs, *found], "test", "accuracy", [])
    gpt = report.groups[1]
    assert gpt.scores["accuracy"].mean == 1
    assert [run.scores["accuracy"] for run in gpt.runs] == [1, 1]
    assert gpt.settings == {}
    assert gpt.calibration is None
    assert {(row.first, row.second) for row in report.comparisons} == {
        (of_runs.name, "GPT"),
        (of_runs.name, "Other"),
        ("GPT", "Other"),
    }
    assert not [note for note in report.notes if "the same seed" in note]


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(UserError, match="Text is a group of runs; give another name"):
        prediction_groups([(file("Text", SMALL), np.arange(30))], SMALL, PredictionReading(), ["Text"])


def fold_run(file: str, fold: int) -> tuple[Run, Splits]:
    """Return the run of a fold of a corpus, as its training left it, and the splits that it had."""
    splits = RandomSplits(partitions={file: [0.6, 0.2, 0.2]}, folds=3, fold=fold).read()
    settings = {f"data.init_args.partitions.{file}": [0.6, 0.2, 0.2], "seed_everything": 1}
    settings |= {"data.init_args.folds": 3, "data.init_args.fold": fold}
    record = RunRecord(train_samples=9, data=DataRecord(splits={"train": split_manifest(splits["train"])}))
    test = splits["test"]
    gold = np.array([STANCES.index(str(sample.stance)) for sample in test])
    ids, targets = (np.array([getattr(sample, name) for sample in test]) for name in ("id", "target"))
    predictions = Predictions(STANCES, ids, targets, gold, gold, np.eye(3)[gold], {})
    return Run(Path(f"fold{fold}"), settings, record, predictions, {}, Training(settings, record)), splits


def test_baselines_of_a_cross_validation_are_trained_in_each_fold(tmp_path: Path) -> None:
    file = str(write_corpus(tmp_path / "a.csv", corpus_rows(60)))
    folds, splits = zip(*(fold_run(file, fold) for fold in range(3)), strict=True)
    (run,), _ = pool_folds(folds)
    order = np.random.default_rng(0).permutation(60)
    run = replace(run, predictions=run.predictions.taken(order))
    own = run.predictions
    corpus = read_tested(run.settings, own.ids.tolist(), own.stances, "test", pooled=True)
    assert len(corpus.tested) == 60
    found, notes = baseline_groups([run], corpus, lambda _, __: None)
    assert [group.name for group in found] == [MAJORITY, NGRAM_SVM]
    sizes = sorted(len(split["train"]) for split in splits)
    told = f"{sizes[0]} to {sizes[-1]} training samples of {file}, in each fold on its own."
    assert notes == [f"The baselines were trained on the {told}"]
    for group in found:
        assert group.predictions[0].ids.tolist() == own.ids.tolist()
        assert [len(part) for part in group.folds[0]] == [len(split["test"]) for split in splits]
    of_majority, of_svm = (group.predictions[0].predicted[np.argsort(order)] for group in found)
    alone = [majority(split["train"], part.predictions) for part, split in zip(folds, splits, strict=True)]
    assert of_majority.tolist() == np.concatenate([part.predicted for part in alone]).tolist()
    texts = [sample.text for sample in splits[0]["test"]]
    svm = ngram_svm(splits[0]["train"], folds[0].predictions, texts)
    assert of_svm[: len(texts)].tolist() == svm.predicted.tolist()
    lost = replace(run, folds=[*run.folds[:2], replace(run.folds[2], training=None)])
    assert baseline_groups([lost], corpus, lambda _, __: None)[0] == []
