"""Records become plain values and come back, of this version or another, and what is damaged is named."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest

from gatbert.errors import UserError
from gatbert.files.records import Accepted, from_plain, from_user, to_plain


@dataclass(frozen=True)
class Inner:
    """A section of a record."""

    name: str
    share: Annotated[float, Accepted("a share", lambda value: 0 <= value <= 1)] | None = None


@dataclass(frozen=True)
class Outer:
    """A record with a field of each kind."""

    kind: Literal["a", "b"]
    pairs: tuple[tuple[str, int], ...]
    inner: Inner | None = None
    sections: Mapping[str, Inner] = field(default_factory=dict)
    allowed: frozenset[int] = frozenset()


RECORD = Outer("a", (("x", 1), ("y", 2)), Inner("n", 0.5), {"s": Inner("m")}, frozenset({2, 1}))
PLAIN = {
    "kind": "a",
    "pairs": [["x", 1], ["y", 2]],
    "inner": {"name": "n", "share": 0.5},
    "sections": {"s": {"name": "m", "share": None}},
    "allowed": [1, 2],
}


def test_a_record_comes_back() -> None:
    assert to_plain(RECORD) == PLAIN
    assert from_plain(Outer, json.loads(json.dumps(PLAIN)), "it") == RECORD


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "c"}, "it is damaged: kind 'c' is not accepted; accepted is a, b"),
        ({"pairs": [["x", 1, 2]]}, r"pairs \['x', 1, 2\] is not accepted; accepted are 2 values"),
        ({"pairs": [["x", "y"]]}, "pairs 'y' is not accepted; accepted is int"),
        ({"inner": {"name": "n", "share": 2}}, "inner: share is '2'; accepted is a share"),
        ({"inner": {"name": "n", "share": True}}, "inner: share is 'True'; accepted is a share"),
        ({"inner": 3}, "inner: 3 is no record of Inner"),
        ({"sections": {"s": {}}}, r"sections\.s: 'name' is missing"),
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_damage_is_named(changes: dict[str, Any], words: str, complete: bool) -> None:
    with pytest.raises(UserError, match=words):
        from_plain(Outer, {**PLAIN, **changes}, "it", complete)


def test_a_record_of_another_version_is_read_as_far_as_it_goes() -> None:
    values: dict[str, Any] = {
        "kind": "a",
        "pairs": [],
        "inner": {"name": "n", "later": 1},
        "sections": None,
        "later": 1,
    }
    assert from_plain(Outer, values, "it", complete=False) == Outer("a", (), Inner("n"))
    with pytest.raises(UserError, match="'kind' is missing"):
        from_plain(Outer, {"pairs": []}, "it", complete=False)
    for change, words in (({"later": 1}, "'later' is none of kind, pairs"), ({"sections": None}, "sections None")):
        with pytest.raises(UserError, match=words):
            from_plain(Outer, {**PLAIN, **change}, "it")


def test_options_of_a_user_are_named_where_they_are_wrong() -> None:
    assert from_user(Inner, {"name": "a", "share": None}, "entry") == Inner("a")
    with pytest.raises(UserError, match=r"^entry: there is no option 'shre'; did you mean share\?$"):
        from_user(Inner, {"name": "a", "shre": 1}, "entry")
    with pytest.raises(UserError, match=r"^entry: there is no option 'zzz'; accepted are name, share$"):
        from_user(Inner, {"zzz": 1}, "entry")
    with pytest.raises(UserError, match=r"^entry: share is '2'; accepted is a share$"):
        from_user(Inner, {"name": "a", "share": 2}, "entry")
