"""What a model loses when a part of its input is hidden or wrong: prediction files to rows, each with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gatbert.errors import UserError
from gatbert.evaluation.ablation_sentences import PARTS, TARGET_ALONE, Judge
from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.scores import check_score, stance_scores
from gatbert.evaluation.significance import Bootstrap, Comparison, Estimate, holm

INTACT = "intact"

NEGLIGIBLE = 0.01
"""Size of a difference that hardly matters, unless another is asked for: less than papers report as an improvement."""

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
        negligible: Size of a difference that hardly matters.
        num_samples: Samples with a gold stance, on which scores rest.
        majority: Score of always giving the commonest gold stance.
        uniform: Score of guessing, each stance as often.
        rows: One per condition.
    """

    score: str
    negligible: float
    num_samples: int
    majority: float
    uniform: float
    rows: tuple[Row, ...]


def ablation(
    predictions: Mapping[str, Predictions], score: str = "macro_f1", negligible: float = NEGLIGIBLE
) -> Ablation:
    """Compare the predictions of a model under several conditions with those on the intact input.

    Args:
        predictions: By condition, ``INTACT`` among them; all of the same samples in the same order.
        score: Name of the score.
        negligible: Size of a difference that hardly matters.

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
    chances = max(majority, uniform), min(majority, uniform)
    judge = Judge(score, *chances, estimates[0], negligible, len(intact.known), len(compared))
    # Where nothing but the target is used, that the text hardly matters says less than is known.
    needed = {name for name, one in zip(conditions[1:], compared, strict=True) if one.high < 0}
    itself = bootstrap.compare([0], [0])[score]
    rows = [_row(INTACT, estimates[0], itself, 1.0, (0.0, 0.0), judge.of_intact())]
    for name, estimate, comparison, p_holm in zip(conditions[1:], estimates[1:], compared, corrected, strict=True):
        changes = _changes(predictions[name], intact)
        part = TARGET_ALONE if name == "mask_text" and needed == {"mask_target"} else PARTS[name]
        sentence = judge.sentence(part, estimate, comparison, p_holm, *changes)
        rows.append(_row(name, estimate, comparison, p_holm, changes, sentence))
    return Ablation(score, negligible, len(intact.known), majority, uniform, tuple(rows))


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
