"""Planned comparisons name groups as a user remembers them; what names none, or nothing new, is one sentence."""

import pytest

from gatbert.errors import UserError
from gatbert.evaluation.comparison_plan import check_plan, planned_pairs

GROUPS = [
    "TextClassifier",
    "TextClassifier background=definition",
    "HybridClassifier gate=none",
    "HybridClassifier gate=zero",
]
TEXT, BACKGROUND, NONE, ZERO = GROUPS


@pytest.mark.parametrize(
    ("plan", "pairs"),
    [
        ("all", [(TEXT, BACKGROUND), (TEXT, NONE), (TEXT, ZERO), (BACKGROUND, NONE), (BACKGROUND, ZERO), (NONE, ZERO)]),
        ("Hybrid zero:Text", [(ZERO, TEXT)]),
        (f"{ZERO}:{TEXT}", [(ZERO, TEXT)]),
        ("all:zero", [(TEXT, ZERO), (BACKGROUND, ZERO), (NONE, ZERO)]),
        ("zero:none, zero : definition", [(ZERO, NONE), (ZERO, BACKGROUND)]),
        ("all:Text,zero:none", [(BACKGROUND, TEXT), (NONE, TEXT), (ZERO, TEXT), (ZERO, NONE)]),
    ],
)
def test_pairs(plan: str, pairs: list[tuple[str, str]]) -> None:
    check_plan(plan)
    assert planned_pairs(plan, GROUPS) == pairs


@pytest.mark.parametrize("plan", ["Hybrid", "", "zero:none,", "zero:none:Text", "zero:", ":", "zero: "])
def test_what_has_another_form(plan: str) -> None:
    with pytest.raises(UserError, match="is no comparison; give FIRST:SECOND, all:SECOND or all"):
        check_plan(plan)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (
            "zero:Nobody",
            "'Nobody' names no group on vast; there are TextClassifier, TextClassifier background=definition,",
        ),
        ("zero:all", "'all' names no group on vast; there are TextClassifier, "),
        (
            "Hybrid:Text",
            "'Hybrid' names 2 groups on vast; there are HybridClassifier gate=none, HybridClassifier gate=zero$",
        ),
        ("zero:gate=zero", "compares HybridClassifier gate=zero with itself"),
        ("zero:none,none:zero", "compares HybridClassifier gate=none with HybridClassifier gate=zero twice"),
        ("all,zero:none", "twice; give each pair once"),
        ("all:zero,Text:zero", "twice; give each pair once"),
    ],
)
def test_mistakes_are_one_sentence(plan: str, said: str) -> None:
    check_plan(plan)
    with pytest.raises(UserError, match=said):
        planned_pairs(plan, GROUPS, "vast")


def test_of_one_group_there_is_nothing_to_compare() -> None:
    assert planned_pairs("all", [TEXT]) == []
    with pytest.raises(UserError, match="compares TextClassifier with itself; give another group beside it"):
        planned_pairs("all:Text", [TEXT])
