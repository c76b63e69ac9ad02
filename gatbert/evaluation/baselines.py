"""What a model must beat: the commonest stance, and n-grams with a linear SVM for each target."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import Normalizer
from sklearn.svm import LinearSVC

from gatbert.evaluation.predictions import Predictions
from gatbert.samples import Sample

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MAJORITY, NGRAM_SVM = "majority", "n-gram SVM"
NUM_FOLDS = 5
PENALTIES = [0.03, 0.1, 0.3, 1.0, 3.0]
WORD = r"[#@]?\w+|[^\w\s]+"


def majority(train: Sequence[Sample], test: Predictions) -> Predictions:
    """Predict the commonest stance of a target's training samples; that of all, where the target has none."""
    predicted = np.zeros(len(test), np.int64)
    for target in dict.fromkeys(test.targets.tolist()):
        # A target that training never saw has no stance of its own.
        own = [sample for sample in train if sample.target == target] or train
        counts = Counter(sample.stance for sample in own)
        # Of stances that are as common, the first of the label set.
        commonest = max(range(len(test.stances)), key=[counts[stance] for stance in test.stances].__getitem__)
        predicted[test.targets == target] = commonest
    return replace(test, predicted=predicted, probabilities=None)


def ngram_svm(train: Sequence[Sample], test: Predictions, texts: Sequence[str]) -> Predictions:
    """Predict by a linear SVM over word 1- to 3-grams and character 2- to 5-grams, one for each target.

    Targets with fewer than five training samples of a stance share one SVM that is trained on all. The penalty is
    chosen by cross-validation on the training samples. Source: the baseline of SemEval-2016 Task 6, Mohammad et al.
    2016 (https://aclanthology.org/S16-1003).

    Differences from the paper: n-grams of a text weigh as much together as those of any other, and stances as much as
    each other; words are found by a regular expression.

    Args:
        train: Labelled samples.
        test: Predictions whose samples are predicted anew.
        texts: Text of each of these samples.
    """
    by_target: dict[str, list[Sample]] = {}
    for sample in train:
        by_target.setdefault(sample.target, []).append(sample)
    # (samples,) each
    predicted = np.zeros(len(test), np.int64)
    shared = np.ones(len(test), np.bool_)
    for target in dict.fromkeys(test.targets.tolist()):
        own = by_target.get(target, [])
        counts = Counter(sample.stance for sample in own)
        # Each fold of the cross-validation needs a sample of each stance.
        if len(counts) > 1 and min(counts.values()) >= NUM_FOLDS:
            rows = test.targets == target
            shared &= ~rows
            predicted[rows] = _predict(own, test, texts, rows)
    if shared.any():
        predicted[shared] = _predict(train, test, texts, shared)
    return replace(test, predicted=predicted, probabilities=None)


def _predict(train: Sequence[Sample], test: Predictions, texts: Sequence[str], rows: Bools) -> Ints:
    """Train on some samples and return the stances of those rows ``(rows,)``."""
    words = CountVectorizer(ngram_range=(1, 3), binary=True, token_pattern=WORD)
    characters = CountVectorizer(ngram_range=(2, 5), binary=True, analyzer="char")
    ngrams = make_pipeline(make_union(words, characters), Normalizer())
    svm = LinearSVC(class_weight="balanced", random_state=0)
    stances = [sample.stance for sample in train]
    folds = min(NUM_FOLDS, *Counter(stances).values())
    # With a single sample of a stance there is nothing to choose by.
    model = GridSearchCV(svm, {"C": PENALTIES}, scoring="f1_macro", cv=folds) if folds > 1 else svm
    model.fit(ngrams.fit_transform([sample.text for sample in train]), stances)
    found = model.predict(ngrams.transform([texts[row] for row in np.flatnonzero(rows).tolist()]))
    return np.array([test.stances.index(stance) for stance in found], np.int64)
