"""Scores of a trained classifier on a corpus, as ``gatbert test`` gives them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gatbert.console.given_files import YAML, data_options
from gatbert.corpora import read_corpus, read_relations
from gatbert.corpora.background_file import read_backgrounds, with_backgrounds
from gatbert.corpora.graph_corpus import read_info
from gatbert.corpora.splits import SPLITS
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.errors import UserError
from gatbert.evaluation.scores import stance_scores
from gatbert.files.paths import resolve
from gatbert.samples import Sample
from gatbert.stance_classifier.trained import TrainedClassifier

ENDINGS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".parquet": "graph"}
"""Formats of corpus files by their endings, where nobody says otherwise."""


def gold_samples(
    model: TrainedClassifier, corpus: str | Path, split: str, reading: Mapping[str, Any]
) -> Iterable[Sample]:
    """Return the samples of a corpus that have a gold stance.

    Args:
        model: What is to be scored on them.
        corpus: A corpus file, or a ``--data`` file.
        split: Which split of a ``--data`` file.
        reading: Options of ``read_corpus`` for a corpus file.

    Raises:
        UserError: If it cannot be read, has no such samples, stances that the model has not, or graphs of another kind.
    """
    path = resolve(corpus)
    samples = _of_data(path, split, model) if path.suffix in YAML else _of_file(path, reading, model)
    known = [sample for sample in samples if sample.stance is not None]
    if not known:
        raise UserError(f"{path} has no samples with a gold stance{f' in {split}' if path.suffix in YAML else ''}")
    if others := {str(sample.stance) for sample in known} - set(model.stances):
        raise UserError(f"{path} has the stance {min(others)!r}, and the classifier knows {', '.join(model.stances)}")
    return known


def scores(pairs: Iterable[tuple[str | None, str | None]], stances: Sequence[str]) -> dict[str, float]:
    """Return every score of some samples by name, 0 to 1.

    Args:
        pairs: Gold and predicted stance of each sample.
        stances: Label set.
    """
    confusion = np.zeros((len(stances), len(stances)), np.int64)
    place = {stance: index for index, stance in enumerate(stances)}
    for gold, predicted in pairs:
        confusion[place[str(gold)], place[str(predicted)]] += 1
    return {name: float(value) for name, value in stance_scores(confusion, stances).items()}


def check_graphs(model: TrainedClassifier, path: Path, corpus_type: str) -> None:
    """Refuse a file whose graphs were made otherwise than those of training.

    Raises:
        UserError: With what differs.
    """
    if model.recipe is None or not model.recipe.reads_concepts or corpus_type != "graph":
        return
    model.recipe.check_relations(read_relations(path, corpus_type), model.source)
    if path.suffix == ".parquet":
        model.recipe.check_tagging(read_info(path), model.source)


def _of_data(path: Path, split: str, model: TrainedClassifier) -> Iterable[Sample]:
    """Return the samples of a split of a ``--data`` file, with their backgrounds."""
    if split not in SPLITS:
        raise UserError(f"split {split!r} is not accepted; accepted are {', '.join(SPLITS)}")
    options = data_options(path)
    corpus = splits_from_options(options)
    for file, corpus_type in corpus.typed_files():
        check_graphs(model, resolve(file), corpus_type)
    samples = corpus.resolved().splits.get(split, [])
    about = options.get("background_file")
    return samples if about is None else with_backgrounds(samples, read_backgrounds(resolve(about)))


def _of_file(path: Path, reading: Mapping[str, Any], model: TrainedClassifier) -> Iterable[Sample]:
    """Return the samples of a corpus file."""
    accepted = ("corpus_type", "columns", "labels", "delimiter", "encoding")
    if unknown := set(reading) - set(accepted):
        raise UserError(f"evaluate takes no {min(unknown)}; accepted are {', '.join(accepted)}")
    corpus_type = reading.get("corpus_type") or ENDINGS.get(path.suffix.lower())
    if corpus_type is None:
        raise UserError(f"{path}: its ending tells no format; accepted are {', '.join(ENDINGS)}; or give corpus_type")
    if path.is_file():
        check_graphs(model, path, corpus_type)
    others = {name: value for name, value in reading.items() if name != "corpus_type"}
    return read_corpus(path, corpus_type, **others, stances=model.stances, require_stance=False)
