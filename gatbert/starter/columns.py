"""Which column is which: by its name, else by what it holds."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gatbert.corpora.corpus_format import FIELDS, NEAR, OTHER_NAMES
from gatbert.corpora.splits.given_splits import SPLIT_VALUES
from gatbert.corpora.wording import quoted_list
from gatbert.errors import UserError
from gatbert.starter.files import Column, Table
from gatbert.starter.labels import stance_of_labels

NAMES: Mapping[str, tuple[str, ...]] = {
    "stance": ("stance", "label", "stancelabel", "goldstance", "gold", "goldlabel", "labels", "annotation", "class"),
    "target": ("target", "topic", "topicstr", "newtopic", "issue", "entity", "claim", "proposition", "targetname"),
    "text": ("text", "tweet", "post", "comment", "body", "content", "sentence", "argument", "message", "reply"),
    "id": ("id", "tweetid", "postid", "uid", "guid", "commentid", "argumentid"),
    "language": ("language", "lang"),
    "split": ("split", "partition", "subset", "set"),
}
"""Usual names of columns, in lower case and without what is no letter or digit; the first that is there is taken."""

MOST_LABELS = 12
MOST_FLAG_VALUES = 20
"""Different values of a column that may be labels, or a flag to break scores down by."""


@dataclass(frozen=True)
class Roles:
    """Say which column is which.

    Attributes:
        text: Column of the text.
        target: Column of the target.
        stance: Column of the label.
        id: Column of the id, if there is one whose values are unique.
        split: Column that names the split of each row, if there is one.
        flags: Column of each flag to break scores down by.
    """

    text: str
    target: str
    stance: str
    id: str | None = None
    split: str | None = None
    flags: Mapping[str, str] = field(default_factory=dict)

    def options(self, table: Table) -> dict[str, str | None]:
        """Return the columns as ``data.columns`` takes them: those that are not found by their own name."""
        fields = {"text": self.text, "target": self.target, "stance": self.stance}
        found: dict[str, str | None] = {name: column for name, column in fields.items() if name != column}
        if self.id != "id" and (self.id is not None or "id" in table.columns):
            found["id"] = self.id
        return {**found, **self.flags}


def roles_of(table: Table, given: Mapping[str, str | None], split: str | None = None) -> Roles:
    """Tell which column is which.

    Args:
        table: What was seen of the files.
        given: What the user says, by field or flag; ``None`` leaves one out.
        split: Column of the split, where the user says it.

    Raises:
        UserError: If a column that is named is not there, or text, target or stance cannot be told.
    """
    if table.written.published is not None:
        fields = {**table.written.published.columns, **given}
        text, target, stance = (str(fields[name]) for name in ("text", "target", "stance"))
        return Roles(text, target, stance, fields.get("id"), split)
    for column in filter(None, (*given.values(), split)):
        if column not in table.columns:
            raise UserError(f"there is no column {column!r}; the columns are {quoted_list(table.columns)}")
    taken = [column for column in (*given.values(), split) if column]
    free = {name: column for name, column in table.columns.items() if name not in taken and column.filled}
    stance = given.get("stance") or _take(free, _stance(free), "stance", table)
    identity = given["id"] if "id" in given else _taken_if(free, _unique(free, table.num_rows))
    divides = split or _taken_if(free, _split(free))
    language = _taken_if(free, None if "language" in given else _by_name(free, "language"))
    target = given.get("target") or _take(free, _by_name(free, "target") or _target(free, table), "target", table)
    text = given.get("text") or _take(free, _by_name(free, "text") or _longest(free), "text", table)
    own = {name: column for name, column in given.items() if column and name not in FIELDS}
    flags = {**({"language": language} if language else {}), **_flags(free), **own}
    return Roles(text, target, stance, identity, divides, flags)


def _take(free: dict[str, Column], found: str | None, role: str, table: Table) -> str:
    """Take a column out of those that are free, or say by which flag the user tells it."""
    if found is None:
        raise UserError(
            f"none of the columns {quoted_list(table.columns)} is known to be the {role}; say it by "
            f"--columns '{{{role}: COLUMN}}'"
        )
    del free[found]
    return found


def _taken_if(free: dict[str, Column], found: str | None) -> str | None:
    if found is not None:
        del free[found]
    return found


def _by_name(free: Mapping[str, Column], role: str) -> str | None:
    """Return the column with the most usual name of a role."""
    folded = {re.sub(r"[\W_]", "", name.casefold()): name for name in reversed(list(free))}
    return next((folded[name] for name in NAMES[role] if name in folded), None)


def _stance(free: Mapping[str, Column]) -> str | None:
    """Return the column with a usual name, else the one whose few values all say a stance."""
    few = {name: column for name, column in free.items() if 2 <= len(column.values) <= MOST_LABELS}
    tell = [name for name, column in few.items() if len(stance_of_labels(column.values)) == len(column.values)]
    in_words = [name for name in tell if not free[name].is_number]
    # By name first among those that say it, as a corpus may have several labels; then by what they say.
    named = _by_name({name: few[name] for name in tell}, "stance") or _by_name(few, "stance")
    return named or (in_words[0] if len(in_words) == 1 else None)


def _unique(free: Mapping[str, Column], num_rows: int) -> str | None:
    return _by_name({name: one for name, one in free.items() if one.is_unique and one.filled == num_rows}, "id")


def _split(free: Mapping[str, Column]) -> str | None:
    """Return the column all of whose values name a split."""
    words = {word for values in SPLIT_VALUES.values() for word in values}
    tell = {name: one for name, one in free.items() if {value.casefold() for value in one.values} <= words}
    return _by_name(tell, "split") or next(iter(tell), None)


def _target(free: Mapping[str, Column], table: Table) -> str | None:
    """Return the one column of words that come again and again, beside the text; ``None`` if there are more."""
    text = _by_name(free, "text") or _longest(free)
    again = [
        name
        for name, one in free.items()
        if name != text and not one.is_number and not one.is_unique and one.filled == table.num_rows
    ]
    return again[0] if len(again) == 1 else None


def _longest(free: Mapping[str, Column]) -> str | None:
    return max(free, key=lambda name: free[name].mean_length, default=None)


def _flags(free: Mapping[str, Column]) -> dict[str, str]:
    """Return the columns of few values, each as a flag of its own name, unless that may be a slip for a field."""
    found = {}
    for name, column in free.items():
        flag = re.sub(r"\W+", "_", name).strip("_").casefold()
        is_field = flag in OTHER_NAMES or bool(difflib.get_close_matches(flag, FIELDS, n=1, cutoff=NEAR))
        if flag and not is_field and 2 <= len(column.values) <= MOST_FLAG_VALUES and not column.is_unique:
            found[flag] = name
    return found
