"""What the sample explorer of a page shows, column by column."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.corpus import Corpus
from gatbert.evaluation.predictions import UNKNOWN_STANCE, Predictions
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
        "targets": column(first.targets.tolist()),
        "gold": [None if index == UNKNOWN_STANCE else index for index in first.gold.tolist()],
        "stances": list(first.stances),
        "flags": {flag: column(values.tolist()) for flag, values in first.flags.items()},
        "predictions": [_predictions(group) for group in groups],
        "relations": [] if corpus.relations is None else corpus.relations.labels(),
        "graphs": [graph_of(sample) for sample in found[:MOST_GRAPHS]] if has_graphs else [],
        "no_graphs": NO_GRAPHS if known and not has_graphs else None,
    }


def graph_of(sample: Sample | None) -> dict[str, Any] | None:
    """Return words, concepts and the edges between them, or ``None`` if there is no graph."""
    if not isinstance(sample, GraphSample):
        return None
    # (3, edges), without those of the first token, which is no word that could be shown
    edges = sample.edges[:, (sample.edges[:2] >= 0).all(0)]
    return {
        "words": list(sample.words),
        "num_target_words": sample.num_target_words,
        "concepts": list(sample.concepts),
        "edges": edges.T.tolist(),
    }


def column(values: Sequence[str]) -> dict[str, Any]:
    """Return the different values of a column, and which of them each sample has."""
    different = sorted(set(values))
    place = {value: index for index, value in enumerate(different)}
    return {"values": different, "index": [place[value] for value in values]}


def _predictions(group: Group) -> dict[str, Any]:
    """Return the mean probabilities of a group; baselines, which have none, are certain."""
    # (samples, stances)
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
