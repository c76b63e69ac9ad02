"""What ablations mean, in words: what is known of a model, what is not, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gatbert.evaluation.shown import moves, signed
from gatbert.evaluation.significance import ALPHA, Comparison, Estimate

CLOSE = 0.1
"""A score at chance whose interval ends farther above it cannot be told from chance."""

SAME_PROBABILITY = 1e-4
"""Probabilities that differ by no more are the same: batches of other samples round otherwise."""


@dataclass(frozen=True)
class Part:
    """Say in words what a condition takes from a model.

    Attributes:
        name: What a model may need.
        missing: How it does without, said after ``name``.
        left: What is true if the score hardly changes.
        changed: How it does without, said after ``left``.
    """

    name: str
    missing: str
    left: str
    changed: str


PARTS: Mapping[str, Part] = {
    "mask_target": Part("the target", "without it", "The target hardly matters", "without it"),
    "mask_text": Part("the text", "without it", "The text hardly matters", "without it"),
    "rm_external": Part("the graph", "without it", "The graph hardly matters", "without it"),
    "shuffle_graph": Part(
        "each sample's own graph", "with another's", "It hardly matters whose graph a sample has", "with another's"
    ),
    "shuffle_relations": Part("the relations", "with shuffled ones", "Relations hardly matter", "with shuffled ones"),
    "negated_prefix": Part(
        "the words before the text",
        "with love or hate against the gold there",
        "Love or hate before the text hardly matters",
        "with it against the gold",
    ),
    "typos": Part("the spelling", "with typos", "Spelling hardly matters", "with typos"),
    "drop_hashtags": Part("hashtags", "without them", "Hashtags hardly matter", "without them"),
    "paraphrase_target": Part(
        "the wording of the target", "with another", "The wording of the target hardly matters", "with another"
    ),
}
"""Conditions, named as in ``gatbert.samples.transforms``."""

TARGET_ALONE = Part("the text", "without it", "The target alone decides", "without the text")
"""In the place of mask_text, where nothing but the target is used."""


@dataclass(frozen=True)
class Judge:
    """Say no more than intervals allow.

    Attributes:
        score: Name of the score.
        chance: Score of the better of two ways to know nothing.
        least_chance: Score of the worse.
        intact: Score on the intact input.
        negligible: Size of a difference that hardly matters.
        num_samples: Samples with a gold stance.
        num_conditions: Conditions for which p values are corrected.
    """

    score: str
    chance: float
    least_chance: float
    intact: Estimate
    negligible: float
    num_samples: int
    num_conditions: int

    def of_intact(self) -> str:
        """Return the sentence of the intact input."""
        said = f"{self.score} is {_estimate(self.intact)} and chance is {self.chance:.3f}"
        if self.intact.low > self.chance:
            return f"As it is, this model is above chance: {said}."
        return f"This model is not shown to be above chance as it is: {said}."

    def sentence(
        self, part: Part, estimate: Estimate, comparison: Comparison, p_holm: float, changed: float, moved: float
    ) -> str:
        """Return what a condition means.

        Args:
            part: What is missing or wrong.
            estimate: Score without it.
            comparison: Difference from the intact input.
            p_holm: Corrected p value of it.
            changed: Share of predictions that change.
            moved: Largest change of a probability.
        """
        if not changed and moved <= SAME_PROBABILITY and part is not TARGET_ALONE:
            return f"This model does not use {part.name}: no prediction changes {part.missing}."
        # What is at chance as it is has nothing to lose.
        if self.intact.low <= self.chance:
            return f"This shows nothing about {part.name}: the model is not above chance as it is."
        if not changed:
            return self._unchanged(part, moved)
        interval = f"difference {signed(comparison.low)} to {signed(comparison.high)}"
        said = f"{part.missing}, {self.score} {moves(comparison.difference)} ({interval})"
        if p_holm < ALPHA and comparison.high < 0:
            return self._lost(part, estimate, said)
        if p_holm < ALPHA and comparison.low > 0:
            return f"This model is misled by {part.name}: {said}."
        # Nothing is claimed from here on but how far the score may have moved at most.
        bound = max(-comparison.low, comparison.high)
        others = f"though {changed:.1%} of predictions change"
        if bound <= self.negligible:
            stays = f"{self.score} stays within {bound:.3f} of {self.intact.mean:.3f} ({interval})"
            return f"{part.left}: {part.changed}, {stays}, {others}."
        if comparison.low > 0 or comparison.high < 0:
            open_ = f"p is {p_holm:.3f}, corrected for {self.num_conditions} conditions"
            claim = "uses" if comparison.high < 0 else "is misled by"
            return f"It is not settled whether this model {claim} {part.name}: {said}, but {open_}."
        few = f"{self.num_samples:,} samples are too few to tell"
        return f"No effect of {part.name} is shown, nor that there is none: {said}, {others}; {few}."

    def _unchanged(self, part: Part, moved: float) -> str:
        """Return the sentence of a condition under which probabilities change, and no prediction."""
        # With n of n unchanged, the share of others that change is below this with 95 % confidence (Clopper-Pearson).
        others = 1 - ALPHA ** (1 / self.num_samples)
        where, rest = "", ""
        if others > self.negligible:
            where = f" on these {self.num_samples:,} samples"
            rest = f"; of other samples, up to {others:.1%} may change"
        most = f"no probability by more than {np.ceil(1000 * moved) / 1000:.3f}"
        return f"{part.left}{where}: no prediction changes {part.changed}, and {most}{rest}."

    def _lost(self, part: Part, estimate: Estimate, said: str) -> str:
        """Return the sentence of a condition that costs something."""
        # Lost, but how much: what is left may still be above chance, at chance, or below any.
        if estimate.low > self.chance:
            return f"This model uses {part.name}: {said}, and stays above chance."
        if estimate.high < self.least_chance:
            place = "it is below chance"
        else:
            is_close = estimate.high <= self.chance + CLOSE
            place = "it is at chance" if is_close else "it cannot be told from chance"
        scores = f"{self.score} {_estimate(estimate)}, chance {self.chance:.3f}"
        return f"This model needs {part.name}: {part.missing}, {place} ({scores})."


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.mean:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
