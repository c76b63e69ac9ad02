"""Families of comparisons: what is corrected together, what could have been found, and what is said of both."""

from dataclasses import replace

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.evaluation.comparisons import WANTED
from gatbert.evaluation.report import Group, build_report
from gatbert.evaluation.report_record import Report
from gatbert.evaluation.shown import NO_SEED_PART, detectable
from gatbert.evaluation.significance import holm
from tests.evaluation.made import made_predictions


def groups(seeds: dict[str, int], num_samples: int = 300, std: float = 0.03) -> list[Group]:
    """Return groups of so many runs whose skill varies by seed, and a baseline."""
    random = np.random.default_rng(1)
    return [
        *(
            Group(name, [made_predictions(random, num_samples, random.normal(0.7, std)) for _ in range(count)])
            for name, count in seeds.items()
        ),
        Group("majority", [made_predictions(random, num_samples, 0.4)], baseline=True),
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(groups({"A": 3, "B": 3, "C": 3}), "test", "macro_f1", [], plan="A:B,A:C")


def test_p_values_are_corrected_within_the_planned_family_and_baselines_have_their_own(report: Report) -> None:
    rows = {(row.first, row.second): row for row in report.comparisons if row.score == "macro_f1"}
    assert [*rows] == [("A", "B"), ("A", "C"), ("A", "majority"), ("B", "majority"), ("C", "majority")]
    for family, own in (("groups", [*rows.values()][:2]), ("baselines", [*rows.values()][2:])):
        assert {row.family for row in own} == {family}
        assert [row.p_bootstrap_holm for row in own] == holm([row.p_bootstrap for row in own])
        assert [row.p_randomisation_holm for row in own] == holm([row.p_randomisation for row in own])
    assert [(family.name, family.num_comparisons, family.level) for family in report.families] == [
        ("groups", 2, 0.025),
        ("baselines", 3, 0.05 / 3),
    ]


def test_fewer_planned_comparisons_find_smaller_differences(report: Report) -> None:
    whole = build_report(groups({"A": 3, "B": 3, "C": 3}), "test", "macro_f1", [])
    one = build_report(groups({"A": 3, "B": 3, "C": 3}), "test", "macro_f1", [], plan="A:B")
    found = [each.main_comparisons[0].detectable for each in (one, report, whole)]
    assert found == sorted(found)
    assert len(set(found)) == 3


def test_what_could_be_found_is_said_before_and_what_that_leaves_open_after(report: Report) -> None:
    said = {family.name: " ".join(family.sentences) for family in report.families}
    assert said["groups"].startswith("2 comparisons of groups with each other: p values corrected together by Holm's")
    assert "With 3 seeds each, a true difference of " in said["groups"]
    assert (
        " points in macro_f1 is found in 80 % of experiments (two-sided at 5 %, corrected for 2 comp" in said["groups"]
    )
    assert said["baselines"].startswith("3 comparisons of groups with baselines, a family of their own: ")
    assert "With 3 seeds, a true difference" in said["baselines"]
    assert not all(row.significant for row in report.main_comparisons)
    assert report.caution[0].startswith("What is not significant is not shown to be equal")
    sure = build_report(groups({"A": 3, "B": 3})[1:], "test", "accuracy", [])
    assert [row.significant for row in sure.main_comparisons] == [True]
    assert sure.caution == []
    assert (
        "1 comparison of groups with baselines, a family of their own: nothing to correct."
        in sure.families[0].sentences
    )


def test_one_seed_does_not_tell_what_seeds_do() -> None:
    for seeds, words in (({"A": 1, "B": 1}, "With one seed each"), ({"A": 3, "B": 1}, "With 3 and 1 seeds")):
        (row,) = build_report(groups(seeds)[:2], "test", "macro_f1", []).main_comparisons
        assert (row.seeds_for_two_points, row.detectable_with_endless_seeds) == (None, None)
        assert 0 < row.detectable < 1
        (family,) = build_report(groups(seeds)[:2], "test", "macro_f1", []).families
        assert family.sentences[1].startswith(words)
        assert "one seed does not tell what seeds do, or how many would find 2 points" in family.sentences[1]


def test_where_samples_are_too_few_no_number_of_seeds_is_named() -> None:
    one, other = (made_predictions(np.random.default_rng(seed), 60, 0.7) for seed in (1, 2))
    # Runs of a group agree, so that more of them would tell no more.
    found = build_report([Group("A", [one] * 3), Group("B", [other] * 3)], "test", "macro_f1", [])
    (row,) = found.main_comparisons
    assert row.seeds_for_two_points is None
    assert row.detectable_with_endless_seeds == pytest.approx(row.detectable, rel=1e-3)
    assert row.detectable > WANTED
    assert "2 points would take more samples: on these, endless seeds would find " in found.families[0].sentences[1]


def test_an_interval_without_a_seed_part_is_marked_and_said() -> None:
    one = made_predictions(np.random.default_rng(1), 90, 0.7)
    found = build_report([Group("A", [one] * 3), Group("B", [one] * 2)], "test", "macro_f1", [])
    assert [group.scores["macro_f1"].seed_std for group in found.groups] == [0, 0]
    assert found.main_comparisons[0].seed_std == 0
    assert found.notes[0].startswith(f"{NO_SEED_PART} marks intervals whose seed part came out as 0")
    single = build_report([Group("A", [one])], "test", "macro_f1", [])
    assert single.groups[0].scores["macro_f1"].seed_std is None
    assert not any(note.startswith(NO_SEED_PART) for note in single.notes)


def test_intervals_of_differences_end_at_one() -> None:
    """Two seeds that differ much give an interval that Student's t with one degree of freedom would push beyond."""
    random = np.random.default_rng(0)
    skills = {"A": (1.0, 0.1), "B": (0.0, 0.9)}
    made = [Group(name, [made_predictions(random, 90, skill) for skill in of]) for name, of in skills.items()]
    for row in build_report(made, "test", "macro_f1", []).comparisons:
        assert (row.low, row.high) == (-1, 1)
        assert (row.detectable, detectable(row)) == (1, "none")
    (family,) = build_report(made, "test", "macro_f1", []).families
    assert "With 2 seeds each, no true difference, however large, in macro_f1 is found in 80 %" in family.sentences[1]


def test_a_plan_of_others_is_refused() -> None:
    with pytest.raises(UserError, match="'majority' names no group on vast; there are A, B"):
        build_report(groups({"A": 1, "B": 1}), "test", "macro_f1", [], test_set="vast", plan="A:majority")
    alone = [replace(group, baseline=True) for group in groups({"A": 1})]
    assert build_report(alone, "test", "macro_f1", []).families == []
