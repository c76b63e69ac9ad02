"""Sentences about ablations claim what the intervals allow, and no more."""

import re

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.ablation import INTACT, Row, ablation
from gatbert.evaluation.ablation_sentences import PARTS
from gatbert.evaluation.predictions import UNKNOWN_STANCE, Predictions

STANCES = ("against", "favor", "neutral")


def predictions(predicted: np.ndarray, gold: np.ndarray, certain: float = 0.9) -> Predictions:
    probabilities = np.full((len(gold), 3), (1 - certain) / 2)
    probabilities[np.arange(len(gold)), predicted] = certain
    names = np.arange(len(gold)).astype(str)
    return Predictions(STANCES, names, names, gold, predicted, probabilities, {})


def noisy(gold: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return gold stances of which a share is drawn anew."""
    random = np.random.default_rng(seed)
    return np.where(random.random(len(gold)) < share, random.integers(3, size=len(gold)), gold)


def row(condition: str, share: float, before: float = 0.1, size: int = 600, seed: int = 2, same: float = 0.0) -> Row:
    """Return the row of a condition under which a share of the predictions is a guess."""
    gold = np.arange(size) % 3
    intact = noisy(gold, before, 1)
    other = np.where(np.random.default_rng(3).random(size) < same, intact, noisy(gold, share, seed))
    found = ablation({INTACT: predictions(intact, gold), condition: predictions(other, gold)})
    return found.rows[1]


def test_chance() -> None:
    assert row("rm_external", 1.0).sentence.startswith("This model needs the graph: without it, it is at chance")
    assert row("mask_target", 1.0).sentence.startswith("This model needs the target: without it, it is at chance")


def test_few_samples_cannot_tell_from_chance() -> None:
    found = row("rm_external", 0.9, before=0.0, size=24)
    assert "it cannot be told from chance" in found.sentence, found


def test_worse_than_chance() -> None:
    gold = np.arange(60) % 3
    wrong = predictions((gold + 1) % 3, gold)
    found = ablation({INTACT: predictions(gold, gold), "rm_external": wrong}).rows[1]
    assert "without it, it is below chance (macro_f1 0.000 (0.000 to 0.000), chance 0.333)" in found.sentence
    constant = predictions(np.zeros_like(gold), gold)
    found = ablation({INTACT: predictions(gold, gold), "rm_external": constant}).rows[1]
    assert "without it, it is at chance" in found.sentence


def test_an_effect_is_claimed_only_if_it_outlives_the_correction() -> None:
    gold = np.arange(600) % 3
    intact = noisy(gold, 0.1, 1)
    # 5 predictions get worse: alone p = 0.06, and more among five conditions.
    worse = intact.copy()
    right = np.flatnonzero(intact == gold)[:5]
    worse[right] = (gold[right] + 1) % 3
    conditions = ("mask_target", "mask_text", "rm_external", "shuffle_graph", "shuffle_relations")
    found = ablation({INTACT: predictions(intact, gold), **{name: predictions(worse, gold) for name in conditions}})
    for row_ in found.rows[1:]:
        assert row_.difference_high < 0, "the interval alone would claim it"
        assert row_.p_holm > 0.05
        assert row_.sentence.startswith(("It is not settled whether this model uses ", PARTS[row_.condition].left))


def test_partial_use() -> None:
    found = row("shuffle_relations", 0.5)
    assert found.sentence.startswith("This model uses the relations: with shuffled ones, macro_f1 falls by 0.2")
    assert found.difference_low <= found.difference <= found.difference_high < 0
    assert found.p_holm < 0.01


def test_no_change_at_all() -> None:
    gold = np.arange(30) % 3
    same = predictions(gold, gold)
    found = ablation({INTACT: same, "rm_external": same}).rows[1]
    assert found.sentence == "This model does not use the graph: no prediction changes without it."
    moved = ablation({INTACT: same, "rm_external": predictions(gold, gold, certain=0.7)}).rows[1]
    assert moved.sentence.startswith(
        "The graph hardly matters on these 30 samples: no prediction changes without it, and no probability by more"
    )


def test_a_tie_is_said_to_stay_only_if_the_interval_is_narrow() -> None:
    narrow = row("mask_text", 0.1, size=9000, same=0.98)
    assert narrow.sentence.startswith("The text hardly matters: without it, macro_f1 stays within 0.00")
    wide = row("mask_text", 0.3, before=0.3, size=60)
    assert wide.sentence.startswith("No effect of the text is shown, nor that there is none: ")
    assert wide.sentence.endswith("; 60 samples are too few to tell.")


@pytest.mark.parametrize("needs_graph", [False, True])
def test_the_target_alone_decides_if_nothing_else_does(needs_graph: bool) -> None:
    gold = np.arange(300) % 3
    guess = predictions(noisy(gold, 1.0, 5), gold)
    same = predictions(gold, gold)
    found = ablation(
        {INTACT: same, "mask_target": guess, "mask_text": same, "rm_external": guess if needs_graph else same}
    )
    said = {one.condition: one.sentence for one in found.rows}["mask_text"]
    assert said.startswith("This model does not use the text" if needs_graph else "The target alone decides: no pred")


def test_a_part_can_mislead() -> None:
    assert row("rm_external", 0.0, before=0.4).sentence.startswith("This model is misled by the graph: without it")


SIGNED = re.compile(r"(rises|falls) by (?:less than )?0\.\d{3} \(difference ([+-]?)0\.\d{3} to ([+-]?)0\.\d{3}\)")


@pytest.mark.parametrize("before", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_every_sentence_says_which_way_the_score_goes(before: float, share: float) -> None:
    """What rises does not fall short of its interval, and what falls does not exceed it."""
    for seed in range(8):
        found = row("rm_external", share, before=before, size=90, seed=seed + 10, same=0.7)
        assert "changes by" not in found.sentence
        if said := SIGNED.search(found.sentence):
            way, low, high = said.groups()
            assert way == ("rises" if found.difference > 0 else "falls"), found
            assert (low, high) == tuple("+" if end > 0 else "-" if end else "" for end in interval(found))
            assert not (way == "rises" and high == "-")
            assert not (way == "falls" and low == "+")
        else:
            assert "does not change (difference" in found.sentence or "stays within" in found.sentence


def interval(found: Row) -> tuple[float, float]:
    return found.difference_low, found.difference_high


def test_the_sentence_of_the_findings_has_its_sign() -> None:
    """A clear fall that does not outlive the correction of several conditions."""
    gold = np.arange(120) % 3
    intact = noisy(gold, 0.4, 1)
    worse = intact.copy()
    worse[np.flatnonzero(intact == gold)[:7]] = (gold[np.flatnonzero(intact == gold)[:7]] + 1) % 3
    others = {name: predictions(worse, gold) for name in ("mask_target", "mask_text", "rm_external", "shuffle_graph")}
    found = ablation({INTACT: predictions(intact, gold), **others}).rows[3]
    assert found.difference_high < 0
    assert "without it, macro_f1 falls by 0.0" in found.sentence
    assert f"(difference {found.difference_low:+.3f} to {found.difference_high:+.3f})" in found.sentence


def test_nothing_is_shown_by_a_model_at_chance() -> None:
    found = row("mask_text", 1.0, before=1.0, size=300)
    assert found.sentence == "This shows nothing about the text: the model is not above chance as it is."


def test_samples_without_gold_count_for_changes_only() -> None:
    gold = np.array([0, 1, 2] * 20)
    hidden = np.where(np.arange(60) < 30, UNKNOWN_STANCE, gold)
    found = ablation({INTACT: predictions(gold, hidden), "mask_text": predictions((gold + 1) % 3, hidden)})
    assert (found.num_samples, found.rows[1].changed, found.rows[1].score) == (30, 1.0, 0.0)
    assert [found.majority, found.uniform] == pytest.approx([1 / 6, 1 / 3])


def test_mistakes() -> None:
    gold = np.arange(6) % 3
    with pytest.raises(UserError, match="score 'f2' is unknown; accepted are accuracy, macro_f1, favor_against_f1"):
        ablation({INTACT: predictions(gold, gold)}, "f2")
    with pytest.raises(UserError, match="no sample has a gold stance"):
        ablation({INTACT: predictions(gold, np.full(6, UNKNOWN_STANCE))})
