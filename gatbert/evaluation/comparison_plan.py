"""Which groups of a report are compared: the pairs that were planned, or all."""

from collections.abc import Sequence
from itertools import combinations

from gatbert.errors import UserError

ALL = "all"


def check_plan(plan: str) -> None:
    """Refuse a plan that has another form, before it is known which groups there are.

    Args:
        plan: ``FIRST:SECOND``, ``all:SECOND`` or ``all``, with commas between several.

    Raises:
        UserError: If it is none of these.
    """
    for entry in _entries(plan):
        names = entry.split(":")
        if entry != ALL and (len(names) != 2 or not all(map(str.strip, names))):
            raise UserError(
                f"--compare {plan!r}: {entry!r} is no comparison; give FIRST:SECOND, all:SECOND or all, with commas "
                "between several; a part of a group's name is enough"
            )


def planned_pairs(plan: str, groups: Sequence[str], test_set: str = "") -> list[tuple[str, str]]:
    """Return the pairs of groups that a plan compares, in its order.

    Args:
        plan: As in ``check_plan``. ``all`` are all pairs; ``all:SECOND``, the pairs of every other group with one. A
            name is that of a group, with or without ``Classifier`` at its end, or words that only one group's holds.
        groups: Names of all groups of runs.
        test_set: Name of the test set, for messages.

    Raises:
        UserError: If a name is that of no group or several, or a pair is a group with itself, or another pair again.
    """
    found: list[tuple[str, str]] = []
    for entry in _entries(plan):
        if entry == ALL:
            found += combinations(groups, 2)
            continue
        first, second = (name.strip() for name in entry.split(":"))
        other = _group(second, groups, plan, test_set)
        others = [name for name in groups if name != other]
        firsts = others if first == ALL else [_group(first, groups, plan, test_set)]
        if firsts in ([], [other]):
            raise UserError(f"--compare {plan!r} compares {other} with itself; give another group beside it")
        found += [(name, other) for name in firsts]
    for number, pair in enumerate(found):
        if set(pair) in map(set, found[:number]):
            raise UserError(f"--compare {plan!r} compares {pair[0]} with {pair[1]} twice; give each pair once")
    return found


def _entries(plan: str) -> list[str]:
    return [entry.strip() for entry in plan.split(",")]


def _group(name: str, groups: Sequence[str], plan: str, test_set: str) -> str:
    """Return the group of that name, or the only one whose name holds each of its words."""
    exact = [group for group in groups if group in (name, f"{name}Classifier")]
    found = exact or [group for group in groups if all(word in group for word in name.split())]
    if len(found) != 1:
        told = f"{name!r} names {len(found) or 'no'} group{'s' if found else ''}"
        where = f" on {test_set}" if test_set else ""
        raise UserError(f"--compare {plan!r}: {told}{where}; there are {', '.join(found or groups)}")
    return found[0]
