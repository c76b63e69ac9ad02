"""Explanations as plain values: for a JSON file, and for the page on which samples are explored."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gatbert.evaluation.explorer import column, graph_of
from gatbert.explanations.explain import ATTENTION_MASS, INTEGRATED_GRADIENTS, Explanation
from gatbert.explanations.faithfulness import SHARES, Faithfulness, faithfulness
from gatbert.explanations.nodes import Floats

DIGITS = 6

MISSING = {
    INTEGRATED_GRADIENTS: "integrated_gradients is missing: where this classifier embeds is not known.",
    ATTENTION_MASS: "attention_mass is missing: this classifier has no attention, or does not tell it "
    "(graph convolutions have none).",
}
"""What is said where no sample has scores by a method."""


def record(explanation: Explanation, stances: Sequence[str]) -> dict[str, Any]:
    """Return what is known of one sample."""
    sample = explanation.sample
    return {
        "id": sample.id,
        "text": sample.text,
        "target": sample.target,
        "gold": sample.stance,
        "predicted": stances[explanation.predicted],
        "probabilities": dict(zip(stances, _rounded(explanation.probabilities), strict=True)),
        **_nodes(explanation),
        "completeness_gap": explanation.completeness_gap,
        "attention_on_special_tokens": explanation.attention_on_special_tokens,
        "curves": {name: _rounded(curve) for name, curve in explanation.curves.items()},
    }


def summary(explanations: Sequence[Explanation], stances: Sequence[str]) -> dict[str, Any]:
    """Return what is known of all samples together: how faithful each method is, what integrated gradients miss."""
    gaps = np.abs([one.completeness_gap for one in explanations if one.completeness_gap is not None])
    found = faithfulness([one.curves for one in explanations if one.curves])
    right = [one.sample.stance == stances[one.predicted] for one in explanations if one.sample.stance is not None]
    return {
        "num_samples": len(explanations),
        "accuracy": float(np.mean(right)) if right else None,
        "completeness_gap": {"mean": float(gaps.mean()), "largest": float(gaps.max())} if len(gaps) else None,
        "shares": list(SHARES),
        "faithfulness": {name: vars(one) for name, one in found.items()},
        "notes": _notes(explanations, found, gaps),
    }


def page_samples(
    explanations: Sequence[Explanation], stances: Sequence[str], relation_labels: Sequence[str], no_graphs: str | None
) -> dict[str, Any]:
    """Return the samples for ``gatbert.evaluation.page.render_page``.

    Args:
        explanations: One for each sample.
        stances: Label set.
        relation_labels: Label of each relation id.
        no_graphs: Why no sample has a graph, if that is so.
    """
    samples = [one.sample for one in explanations]
    # A dictionary in the place of a set: flags stand in the order in which samples have them.
    flags = dict.fromkeys(flag for sample in samples for flag in sample.meta)
    gold = [None if sample.stance is None else stances.index(sample.stance) for sample in samples]
    return {
        "ids": [sample.id for sample in samples],
        "texts": [sample.text for sample in samples],
        "targets": column([sample.target for sample in samples]),
        "gold": gold,
        "stances": list(stances),
        "flags": {flag: column([sample.meta.get(flag, "") for sample in samples]) for flag in flags},
        "predictions": [
            {
                "group": "model",
                "predicted": [one.predicted for one in explanations],
                "probabilities": [np.rint(1000 * one.probabilities).astype(int).tolist() for one in explanations],
            }
        ],
        "relations": list(relation_labels),
        "graphs": [] if no_graphs else [graph_of(sample) for sample in samples],
        "no_graphs": no_graphs,
        "explanations": [{"predicted": one.predicted, **_nodes(one)} for one in explanations],
    }


def _notes(explanations: Sequence[Explanation], found: Mapping[str, Faithfulness], gaps: Floats) -> list[str]:
    """Return what a reader is told of the methods, given the completeness gaps ``(samples,)``."""
    notes = [one.sentence for one in found.values()]
    if len(gaps):
        missed = f"{gaps.mean():.2g} of the log-odds on average, at most {gaps.max():.2g}"
        notes.append(f"integrated_gradients misses {missed}.")
    return notes + [said for name, said in MISSING.items() if not any(name in one.scores for one in explanations)]


def _nodes(explanation: Explanation) -> dict[str, Any]:
    """Return words and concepts with their scores."""
    sample = explanation.sample
    read = set(explanation.read.tolist())
    # each (nodes,)
    by_method = {name: _rounded(values) for name, values in explanation.scores.items()}
    probability_change, removed = _rounded(explanation.probability_change), _rounded(explanation.removed)

    def entry(node: int, text: str) -> dict[str, Any]:
        return {
            "text": text,
            "scores": {name: values[node] for name, values in by_method.items()},
            "probability_change": probability_change[node],
            "removed": removed[node],
            "read": node in read,
        }

    words = [
        {**entry(node, word), "in_target": node < sample.num_target_words} for node, word in enumerate(sample.words)
    ]
    concepts = [entry(node, concept) for node, concept in enumerate(sample.concepts, start=len(words))]
    return {"words": words, "concepts": concepts}


def _rounded(values: Floats) -> list[float]:
    return np.round(values, DIGITS).tolist()  # type: ignore[no-any-return]
