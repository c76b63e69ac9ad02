"""What a model loses when a part of its input is hidden or wrong: prediction files to rows, each with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gatbert.errors import UserError
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.scores import check_score, stance_scores
from gatbert.evaluation.shown import moves, signed
from gatbert.evaluation.significance import ALPHA, Bootstrap, Comparison, Estimate, holm

INTACT = "intact"

CLOSE = 0.05
"""A score that stays within this is said to stay; a wider interval shows nothing."""

SAME_PROBABILITY = 1e-4
"""Probabilities that differ by no more are the same: batches of other samples round otherwise."""


@dataclass(frozen=True)
class Part:
    """Say in words what a condition takes from a model.

    Attributes:
        name: What a model may need.
        missing: How it does without, said after ``name``.
        left: What is true if it can be done without.
        changed: How it does without, said after ``left``.
    """

    name: str
    missing: str
    left: str
    changed: str


PARTS: Mapping[str, Part] = {
    "mask_target": Part("the target", "without it", "The target is not needed", "without it"),
    "mask_text": Part("the text", "without it", "The text is not needed", "without it"),
    "rm_external": Part("the graph", "without it", "The graph is not needed", "without it"),
    "shuffle_graph": Part(
        "each sample's own graph", "with another's", "It hardly matters whose graph a sample has", "with another's"
    ),
    "shuffle_relations": Part("the relations", "with shuffled ones", "Relations hardly matter", "with shuffled ones"),
}
"""Conditions, named as in ``gatbert.samples.transforms``."""

TARGET_ALONE = Part("the text", "without it", "The target alone decides", "without the text")
"""In the place of mask_text, where nothing but the target is needed."""

GRAPH_CONDITIONS = ("rm_external", "shuffle_graph", "shuffle_relations")


@dataclass(frozen=True)
class Row:
    """Hold what one condition does to a model.

    Attributes:
        condition: ``INTACT``, or a name in ``PARTS``.
        score: Score under this condition.
        low: Lower end of its 95 % interval.
        high: Upper end.
        difference: Score less that of the intact input.
        difference_low: Lower end of its 95 % interval, over samples drawn again together.
        difference_high: Upper end.
        p: Two-sided p value of approximate randomisation.
        p_holm: The same, corrected for the number of conditions.
        changed: Share of all predictions that are others than those on the intact input.
        probability_change: Largest change of a probability.
        sentence: What this means.
    """

    condition: str
    score: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    p: float
    p_holm: float
    changed: float
    probability_change: float
    sentence: str


@dataclass(frozen=True)
class Ablation:
    """Hold the rows of all conditions, the intact one first.

    Attributes:
        score: Name of the score.
        num_samples: Samples with a gold stance, on which scores rest.
        majority: Score of always giving the commonest gold stance.
        uniform: Score of guessing, each stance as often.
        rows: One per condition.
    """

    score: str
    num_samples: int
    majority: float
    uniform: float
    rows: tuple[Row, ...]


def ablation(predictions: Mapping[str, Predictions], score: str = "macro_f1") -> Ablation:
    """Compare the predictions of a model under several conditions with those on the intact input.

    Args:
        predictions: By condition, ``INTACT`` among them; all of the same samples in the same order.
        score: Name of the score.

    Raises:
        UserError: If there is no such score, or no sample has a gold stance.
    """
    conditions = [INTACT, *(name for name in predictions if name != INTACT)]
    intact = predictions[INTACT]
    check_score(score, intact.stances)
    if not len(intact.known):
        raise UserError("no sample has a gold stance; an ablation needs some")
    # (conditions, known)
    cells = np.stack([predictions[name].cells for name in conditions])
    bootstrap = Bootstrap(cells, intact.stances)
    majority, uniform = _chance(intact.gold[intact.known], intact.stances, score)
    estimates = [bootstrap.estimate(score, [run]) for run in range(len(conditions))]
    compared = [bootstrap.compare([run], [0])[score] for run in range(1, len(conditions))]
    corrected = holm([one.p_randomisation for one in compared])
    judge = _Judge(score, max(majority, uniform), min(majority, uniform), estimates[0])
    # Where the target is all that is needed, doing without the text says more than that it is not needed.
    needed = {name for name, one in zip(conditions[1:], compared, strict=True) if one.high < 0}
    rows = [_row(INTACT, estimates[0], NO_CHANGE, 1.0, (0.0, 0.0), judge.of_intact())]
    for name, estimate, comparison, p_holm in zip(conditions[1:], estimates[1:], compared, corrected, strict=True):
        changes = _changes(predictions[name], intact)
        part = TARGET_ALONE if name == "mask_text" and needed == {"mask_target"} else PARTS[name]
        sentence = judge.sentence(part, estimate, comparison, p_holm, *changes)
        rows.append(_row(name, estimate, comparison, p_holm, changes, sentence))
    return Ablation(score, len(intact.known), majority, uniform, tuple(rows))


NO_CHANGE = Comparison(0.0, 0.0, 0.0, 0.0, 1.0, 1.0)


def _row(
    name: str, estimate: Estimate, comparison: Comparison, p_holm: float, changes: tuple[float, float], sentence: str
) -> Row:
    """Return what was measured under a condition as one flat row."""
    changed, probability_change = changes
    return Row(
        condition=name,
        score=estimate.mean,
        low=estimate.low,
        high=estimate.high,
        difference=comparison.difference,
        difference_low=comparison.low,
        difference_high=comparison.high,
        p=comparison.p_randomisation,
        p_holm=p_holm,
        changed=changed,
        probability_change=probability_change,
        sentence=sentence,
    )


def _changes(one: Predictions, intact: Predictions) -> tuple[float, float]:
    """Return the share of predictions that differ, and the largest difference of a probability."""
    changed = one.predicted != intact.predicted
    # Without probabilities, a prediction moves as a whole or not at all.
    moved = float(changed.any())
    if one.probabilities is not None and intact.probabilities is not None:
        moved = float(np.abs(one.probabilities - intact.probabilities).max())
    return float(changed.mean()), moved


def _chance(gold: np.ndarray, stances: Sequence[str], score: str) -> tuple[float, float]:
    """Return the scores of the commonest stance and of uniform guessing, in expectation."""
    # (stances,)
    counts = np.bincount(gold, minlength=len(stances))
    # (stances, stances): row = gold, column = what is answered
    commonest = np.zeros((len(stances), len(stances)))
    commonest[:, counts.argmax()] = counts
    guessed = np.repeat(counts[:, None], len(stances), axis=1) / len(stances)
    majority, uniform = (float(stance_scores(confusion, stances)[score]) for confusion in (commonest, guessed))
    return majority, uniform


@dataclass(frozen=True)
class _Judge:
    """Say no more than intervals allow."""

    score: str
    chance: float
    least_chance: float
    intact: Estimate

    def of_intact(self) -> str:
        """Return the sentence of the intact input."""
        said = f"{self.score} is {_estimate(self.intact)} and chance is {self.chance:.3f}"
        if self.intact.low > self.chance:
            return f"As it is, this model is above chance: {said}."
        return f"This model is not shown to be above chance as it is: {said}."

    def sentence(
        self, part: Part, estimate: Estimate, comparison: Comparison, p_holm: float, changed: float, moved: float
    ) -> str:
        """Return what a condition means."""
        if not changed and moved <= SAME_PROBABILITY and part is not TARGET_ALONE:
            return f"This model does not use {part.name}: no prediction changes {part.missing}."
        # What is at chance as it is has nothing to lose.
        if self.intact.low <= self.chance:
            return f"This shows nothing about {part.name}: the model is not above chance as it is."
        if not changed:
            most = f"no probability by more than {np.ceil(1000 * moved) / 1000:.3f}"
            return f"{part.left}: no prediction changes {part.changed}, and {most}."
        interval = f"{signed(comparison.low)} to {signed(comparison.high)}"
        said = f"{part.missing}, {self.score} {moves(comparison.difference)} (difference {interval})"
        if p_holm < ALPHA and comparison.high < 0:
            return self._lost(part, estimate, said)
        if p_holm < ALPHA and comparison.low > 0:
            return f"This model is misled by {part.name}: {said}."
        # Nothing is claimed from here on but how far the score may have moved at most.
        bound = max(-comparison.low, comparison.high)
        others = f"though {changed:.1%} of predictions change"
        if bound <= CLOSE:
            stays = f"{self.score} stays within {bound:.3f} of {self.intact.mean:.3f}"
            return f"{part.left}: {part.changed}, {stays}, {others}."
        return f"No effect of {part.name} is shown: {said}, {others}."

    def _lost(self, part: Part, estimate: Estimate, said: str) -> str:
        """Return the sentence of a condition that costs something."""
        # Lost, but how much: what is left may still be above chance, at chance, or below any.
        if estimate.low > self.chance:
            return f"This model uses {part.name}: {said}, and stays above chance."
        if estimate.high < self.least_chance:
            place = "it is below chance"
        else:
            is_close = estimate.high <= self.chance + 2 * CLOSE
            place = "it is at chance" if is_close else "it cannot be told from chance"
        scores = f"{self.score} {_estimate(estimate)}, chance {self.chance:.3f}"
        return f"This model needs {part.name}: {part.missing}, {place} ({scores})."


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.mean:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
