"""Columns are told by their names, else by what they hold."""

import pytest

from gatbert.errors import UserError
from gatbert.starter.columns import Roles, roles_of
from gatbert.starter.files import Column, Table, Written


def table(**columns: list[str]) -> Table:
    """Return a table whose columns hold some cells, in turn."""
    made: dict[str, Column] = {}
    for name, cells in columns.items():
        made[name] = Column()
        for row in range(12):
            made[name].add(cells[row % len(cells)])
    return Table(Written("csv"), 12, made)


LONG = [f"a long text that somebody has written about a thing, number {number}" for number in range(12)]
NUMBERS = [str(number) for number in range(12)]
TARGETS = ["wind", "zoo", "tax"]
STANCES = ["favor", "against"]


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ({"text": LONG, "target": TARGETS, "stance": STANCES}, Roles("text", "target", "stance")),
        ({"Tweet": LONG, "Topic": TARGETS, "Label": ["PRO", "CON"]}, Roles("Tweet", "Topic", "Label")),
        ({"a": STANCES, "b": LONG, "c": TARGETS}, Roles("b", "c", "a")),
        (
            {"Tweet ID": NUMBERS, "x": LONG, "Target": TARGETS, "gold": STANCES},
            Roles("x", "Target", "gold", "Tweet ID"),
        ),
        (
            {"Target": TARGETS, "Context": LONG, "Stance": STANCES, "Lang": ["en", "de"]},
            Roles("Context", "Target", "Stance", flags={"language": "Lang"}),
        ),
        (
            {"body": LONG, "topic": TARGETS, "y": STANCES, "set": ["train", "dev", "test"], "year": ["2019", "2020"]},
            Roles("body", "topic", "y", split="set", flags={"year": "year"}),
        ),
        ({"text": LONG, "target": TARGETS, "label": ["0", "1", "2"]}, Roles("text", "target", "label")),
        (
            {"text": LONG, "target": TARGETS, "label": ["spam", "ham"], "opinion": STANCES},
            Roles("text", "target", "label", flags={"opinion": "opinion"}),
        ),
    ],
)
def test_columns_are_told(columns: dict[str, list[str]], roles: Roles) -> None:
    assert roles_of(table(**columns), {}) == roles


def test_what_the_user_says_wins() -> None:
    columns = {"text": LONG, "raw": LONG, "target": TARGETS, "label": ["spam", "ham"], "opinion": STANCES}
    roles = roles_of(table(**columns), {"text": "raw", "stance": "opinion", "kind": "label"})
    assert (roles.text, roles.stance, roles.flags) == ("raw", "opinion", {"kind": "label"})


@pytest.mark.parametrize(
    ("columns", "given", "words"),
    [
        ({"text": LONG, "stance": STANCES}, {}, r"known to be the target; say it by --columns '\{target: COLUMN\}'"),
        ({"text": LONG, "a": TARGETS, "b": TARGETS, "stance": STANCES}, {}, "known to be the target"),
        ({"text": LONG, "target": TARGETS}, {}, "known to be the stance"),
        ({"target": TARGETS, "stance": STANCES}, {}, "known to be the text"),
        ({"text": LONG, "target": TARGETS, "stance": STANCES}, {"text": "body"}, "there is no column 'body'"),
    ],
)
def test_what_cannot_be_told_is_asked(columns: dict[str, list[str]], given: dict[str, str | None], words: str) -> None:
    with pytest.raises(UserError, match=words):
        roles_of(table(**columns), given)


@pytest.mark.parametrize(
    ("ids", "options"),
    [
        (NUMBERS, {"text": "Tweet"}),
        (["1", "2"], {"text": "Tweet", "id": None, "flag": "Flag"}),
    ],
)
def test_an_id_that_stands_twice_is_none(ids: list[str], options: dict[str, str | None]) -> None:
    flags = {} if ids is NUMBERS else {"Flag": ["x", "y"]}
    seen = table(id=ids, Tweet=LONG, target=TARGETS, stance=STANCES, **flags)
    assert roles_of(seen, {}).options(seen) == options
