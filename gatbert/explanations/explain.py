"""One sample explained: what each word and concept contributes to the predicted stance, by three methods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gatbert.batches import Encoded
from gatbert.explanations.attention import attention_mass
from gatbert.explanations.faithfulness import RANDOM, first_nodes, random_orders
from gatbert.explanations.gradients import integrated_gradients
from gatbert.explanations.log_odds import log_odds, probability
from gatbert.explanations.nodes import Floats, Ints, nodes_read, values_of_nodes, word_shares
from gatbert.samples import GraphSample, Sample
from gatbert.samples.node_removal import hidden, with_nodes, without
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor
from gatbert.stance_classifier.trained import BATCH_SIZE, TrainedClassifier

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
        completeness_gap: What integrated gradients miss of the difference between sample and baseline, in log-odds.
        attention_on_special_tokens: Share of attention that goes to no word and no concept.
        curves: By method and for random orders, the probability of the predicted stance as nodes are taken.
    """

    sample: GraphSample
    probabilities: Floats
    predicted: int
    read: Ints
    scores: Mapping[str, Floats]
    probability_change: Floats
    removed: Floats
    completeness_gap: float | None
    attention_on_special_tokens: float | None
    curves: Mapping[str, Floats]


def explain(model: TrainedClassifier, sample: Sample, batch_size: int = BATCH_SIZE, quick: bool = False) -> Explanation:
    """Explain the prediction for one sample, which depends on no other.

    Args:
        model: Whose prediction it is.
        sample: As the classifier is to read it: tagged, with all its changes.
        batch_size: Most variants of the sample that are computed together.
        quick: Whether leave-one-out is all that is asked for: no other method, ``removed`` is 0, there are no curves.
    """
    whole = with_nodes(sample, model.preprocessor.max_concepts)
    (encoded,) = model.preprocessor.encode([whole])
    # (stances,)
    odds = log_odds(model.logits([encoded])).cpu().numpy()[0]
    predicted = int(odds.argmax())
    own = model.preprocessor
    shares = word_shares(own, whole) if isinstance(own, SentencePairPreprocessor) else None
    read = nodes_read(whole, encoded, model.collate([encoded]), shares)
    variants = _Variants(model, whole, predicted, batch_size)
    left_out, probability_change, removed = _taken_one_by_one(variants, odds[predicted], read, quick)
    scores, gap, on_special_tokens = {LEAVE_ONE_OUT: left_out}, None, None
    if shares is not None and not quick:
        of_tokens, gap, on_special_tokens = _scores_of_tokens(model, encoded, predicted, shares)
        scores |= of_tokens
    return Explanation(
        sample=whole,
        probabilities=probability(odds),
        predicted=predicted,
        read=read,
        scores=scores,
        probability_change=probability_change,
        removed=removed,
        completeness_gap=gap,
        attention_on_special_tokens=on_special_tokens,
        curves={} if quick else _curves(variants, read, scores),
    )


class _Variants:
    """Compute the log-odds of a stance on changed copies of a sample; on the same one without nodes, once."""

    def __init__(self, model: TrainedClassifier, sample: GraphSample, stance: int, batch_size: int) -> None:
        self.model, self.sample, self.stance, self.batch_size = model, sample, stance, batch_size
        self._without: dict[frozenset[int], float] = {}

    def hiding(self, nodes: Sequence[int]) -> Floats:
        """Return the log-odds with each of some nodes hidden ``(nodes,)``."""
        mask_token = self.model.preprocessor.mask_token
        return self._log_odds([hidden(self.sample, node, mask_token) for node in nodes])

    def without(self, sets: Sequence[frozenset[int]]) -> Floats:
        """Return the log-odds without each of some sets of nodes ``(sets,)``."""
        new = list(dict.fromkeys(nodes for nodes in sets if nodes not in self._without))
        if new:
            samples = [without(self.sample, nodes, self.model.preprocessor.mask_token) for nodes in new]
            self._without.update(zip(new, self._log_odds(samples).tolist(), strict=True))
        return np.array([self._without[nodes] for nodes in sets])

    def _log_odds(self, samples: Sequence[Sample]) -> Floats:
        encoded = self.model.preprocessor.encode(samples)
        found: Floats = log_odds(self.model.logits(encoded, self.batch_size))[:, self.stance].cpu().numpy()
        return found


def _taken_one_by_one(variants: _Variants, odds: float, read: Ints, quick: bool) -> tuple[Floats, Floats, Floats]:
    """Return leave-one-out in log-odds and in probability, and what is lost as each node goes, each ``(nodes,)``.

    Args:
        variants: The sample with changes.
        odds: Its log-odds as it is.
        read: Nodes that can matter; the others have 0.
        quick: Whether what is lost as each goes is not asked for.
    """
    sample = variants.sample
    # (nodes,)
    left_out, probability_change, removed = np.zeros((3, len(sample.words) + len(sample.concepts)))
    if len(read):
        hidden_odds = variants.hiding(read.tolist())
        left_out[read] = odds - hidden_odds
        probability_change[read] = probability(np.array(odds)) - probability(hidden_odds)
    if len(read) and not quick:
        removed[read] = odds - variants.without([frozenset([node]) for node in read.tolist()])
    return left_out, probability_change, removed


def _scores_of_tokens(
    model: TrainedClassifier, encoded: Encoded, stance: int, shares: Floats
) -> tuple[dict[str, Floats], float | None, float | None]:
    """Return the scores of the methods that score tokens, the completeness gap, and the attention on special tokens."""
    scores, gap, on_special_tokens = {}, None, None
    gradients = integrated_gradients(model, encoded, stance, np.any(shares, axis=1))
    if gradients is not None:
        scores[INTEGRATED_GRADIENTS], gap = values_of_nodes(gradients.scores, shares), gradients.gap
    mass = attention_mass(model, encoded)
    if mass is not None:
        scores[ATTENTION_MASS] = values_of_nodes(mass, shares)
        on_special_tokens = float(mass[: len(shares)] @ ~shares.any(1))
    return scores, gap, on_special_tokens


def _curves(variants: _Variants, read: Ints, scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the probability of the predicted stance as nodes are taken, best first and at random ``(shares,)``."""
    if not len(read):
        return {}
    orders = {name: [read[np.argsort(-values[read], kind="stable")].tolist()] for name, values in scores.items()}
    orders[RANDOM] = random_orders(variants.sample.id, read.tolist())
    # by name and order, the nodes that are gone at each share
    gone = {name: [first_nodes(order) for order in some] for name, some in orders.items()}
    variants.without([nodes for some in gone.values() for one in some for nodes in one])  # all at once, in few batches
    return {name: np.mean([probability(variants.without(one)) for one in some], axis=0) for name, some in gone.items()}
