"""What the sample explorer of a page shows, column by column."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.corpus import Corpus
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.report import Group
from gatbert.samples import GraphSample, Sample

MOST_GRAPHS = 10_000
"""Samples whose graphs are drawn; a page with more would be too large to open."""

NO_GRAPHS = "The corpus has no graphs."


def explorer_samples(groups: Sequence[Group], corpus: Corpus) -> dict[str, Any]:
    """Return the samples of a report with what each group says of them.

    Args:
        groups: Groups of runs and baselines; all with the same samples in the same order.
        corpus: Their texts and graphs, as far as they are known.
    """
    first = groups[0].predictions[0]
    found = [corpus.tested.get(name) for name in first.ids.tolist()]
    known = [sample for sample in found if sample is not None]
    has_graphs = any(isinstance(sample, GraphSample) for sample in known)
    return {
        "ids": first.ids.tolist(),
        "texts": [None if sample is None else sample.text for sample in found],
        "targets": _column(first.targets),
        "gold": first.gold.tolist(),
        "stances": list(first.stances),
        "flags": {flag: _column(values) for flag, values in first.flags.items()},
        "predictions": [_predictions(group) for group in groups],
        "relations": [] if corpus.relations is None else corpus.relations.labels(),
        "graphs": [graph_of(sample) for sample in found[:MOST_GRAPHS]] if has_graphs else [],
        "no_graphs": NO_GRAPHS if known and not has_graphs else None,
    }


def graph_of(sample: Sample | None) -> dict[str, Any] | None:
    """Return words, concepts and edges of a sample, or ``None`` if it has no graph."""
    if not isinstance(sample, GraphSample):
        return None
    return {
        "words": list(sample.words),
        "num_target_words": sample.num_target_words,
        "concepts": list(sample.concepts),
        "edges": sample.edges.T.tolist(),
    }


def _column(values: npt.NDArray[np.str_]) -> Mapping[str, Any]:
    names, index = np.unique(values, return_inverse=True)
    return {"values": names.tolist(), "index": index.tolist()}


def _predictions(group: Group) -> dict[str, Any]:
    """Return the mean probabilities of a group; baselines, which have none, are certain."""
    probabilities = np.mean(
        [_certain(run) if run.probabilities is None else run.probabilities for run in group.predictions], 0
    )
    return {
        "group": group.name,
        "predicted": probabilities.argmax(1).tolist(),
        "probabilities": np.rint(1000 * probabilities).astype(int).tolist(),
    }


def _certain(run: Predictions) -> npt.NDArray[np.float64]:
    return np.eye(len(run.stances))[run.predicted]
