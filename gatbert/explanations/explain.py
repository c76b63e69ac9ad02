"""One sample explained: what each word and concept contributes to the predicted stance, by three methods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gatbert.batches import Encoded
from gatbert.explanations.attention import attention_mass
from gatbert.explanations.faithfulness import RANDOM, first_nodes, random_orders
from gatbert.explanations.gradients import integrated_gradients
from gatbert.explanations.model import Floats, Ints, TrainedModel, concept_of_row, graph_of, word_shares
from gatbert.samples import GraphSample, Sample
from gatbert.samples.node_removal import hidden, without
from gatbert.stance_classifier import TextBatch
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor

LEAVE_ONE_OUT, INTEGRATED_GRADIENTS, ATTENTION_MASS = "leave_one_out", "integrated_gradients", "attention_mass"


@dataclass(frozen=True, eq=False)
class Explanation:
    """Hold what each node of a sample contributes to the predicted stance.

    Nodes are the words of the target, those of the text, then the concepts.

    Attributes:
        sample: The sample, with the concepts that the classifier is given.
        probabilities: ``(stances,)``.
        predicted: Index of the predicted stance.
        read: Nodes that reach the classifier's output; the others are cut, unconnected or not its kind.
        scores: By method ``(nodes,)``; a method that this classifier does not allow is missing. Leave-one-out and
            integrated gradients are in log-odds.
        probability_change: Leave-one-out in probability ``(nodes,)``.
        removed: What is lost in log-odds if a concept goes with its edges, as all does that is reached through it
            alone; as leave-one-out for words ``(nodes,)``.
        gap: What integrated gradients miss of the difference between sample and baseline, in log-odds.
        elsewhere: Share of attention that goes to special tokens.
        curves: By method and for random orders, the probability of the predicted stance as nodes are taken.
    """

    sample: GraphSample
    probabilities: Floats
    predicted: int
    read: Ints
    scores: Mapping[str, Floats]
    probability_change: Floats
    removed: Floats
    gap: float | None
    elsewhere: float | None
    curves: Mapping[str, Floats]


def explain(model: TrainedModel, sample: Sample) -> Explanation:
    """Explain the prediction for one sample, which depends on no other."""
    whole = model.readable(sample)
    (encoded,) = model.preprocessor.encode([whole])
    odds = model.log_odds([whole])[0]
    predicted = int(odds.argmax())
    own = model.preprocessor
    shares = word_shares(own, whole) if isinstance(own, SentencePairPreprocessor) else None
    read = _read(model, whole, encoded, shares)
    changed = _Without(model, whole, predicted)
    left, probability_change, removed = np.zeros((3, len(whole.words) + len(whole.concepts)))
    if len(read):
        mask_token = model.preprocessor.mask_token
        one_hidden = model.log_odds([hidden(whole, node, mask_token) for node in read.tolist()])[:, predicted]
        left[read] = odds[predicted] - one_hidden
        probability_change[read] = _probability(odds[predicted]) - _probability(one_hidden)
        removed[read] = odds[predicted] - changed.log_odds([frozenset([node]) for node in read.tolist()])

    scores, gap, elsewhere = {LEAVE_ONE_OUT: left}, None, None
    if shares is not None:
        gradients = integrated_gradients(model, encoded, predicted, np.any(shares, axis=1))
        if gradients is not None:
            scores[INTEGRATED_GRADIENTS], gap = _of_words(gradients.scores, shares), gradients.gap
        mass = attention_mass(model, encoded)
        if mass is not None:
            scores[ATTENTION_MASS] = _of_words(mass, shares)
            elsewhere = float(mass[: len(shares)] @ ~shares.any(1))
    return Explanation(
        whole,
        _probability(odds),
        predicted,
        read,
        scores,
        probability_change,
        removed,
        gap,
        elsewhere,
        _curves(changed, read, scores),
    )


class _Without:
    """Compute a stance's log-odds on a sample without some of its nodes, the same ones once."""

    def __init__(self, model: TrainedModel, sample: GraphSample, stance: int) -> None:
        self.model, self.sample, self.stance = model, sample, stance
        self._known: dict[frozenset[int], float] = {}

    def log_odds(self, sets: Sequence[frozenset[int]]) -> Floats:
        """Return the log-odds without each of some sets of nodes ``(sets,)``."""
        new = list(dict.fromkeys(nodes for nodes in sets if nodes not in self._known))
        if new:
            samples = [without(self.sample, nodes, self.model.preprocessor.mask_token) for nodes in new]
            self._known.update(zip(new, self.model.log_odds(samples)[:, self.stance].tolist(), strict=True))
        return np.array([self._known[nodes] for nodes in sets])


def _curves(changed: _Without, read: Ints, scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the probability of the predicted stance as nodes are taken, best first and at random ``(shares,)``."""
    if not len(read):
        return {}
    orders = {name: [read[np.argsort(-values[read], kind="stable")].tolist()] for name, values in scores.items()}
    orders[RANDOM] = random_orders(changed.sample.id, read.tolist())
    sets = {name: [first_nodes(order) for order in some] for name, some in orders.items()}
    changed.log_odds([nodes for some in sets.values() for one in some for nodes in one])
    return {name: np.mean([_probability(changed.log_odds(one)) for one in some], axis=0) for name, some in sets.items()}


def _read(model: TrainedModel, sample: GraphSample, encoded: Encoded, shares: Floats | None) -> Ints:
    """Return the nodes that reach the classifier's output."""
    num_words = len(sample.words)
    words = np.arange(num_words) if shares is None else np.flatnonzero(shares.any(0))
    batch = model.collate([encoded])
    graph = graph_of(batch)
    if graph is None:
        return np.concatenate([words, num_words + np.arange(len(sample.concepts))])
    with_tokens = graph.num_token_rows > 0
    concepts = num_words + np.sort(concept_of_row([encoded], with_tokens))
    return np.concatenate([words, concepts]) if with_tokens or isinstance(batch, TextBatch) else concepts


def _of_words(values: Floats, shares: Floats) -> Floats:
    """Return the values of words and concepts, given those of tokens and concepts."""
    return np.concatenate([values[: len(shares)] @ shares, values[len(shares) :]])


def _probability(log_odds: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-log_odds))
    return probability
