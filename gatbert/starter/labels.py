"""Which stance a label means, where its words say it."""

import json
import re
from collections.abc import Iterable, Mapping

from gatbert.corpora.table import generic_labels
from gatbert.corpora.wording import quoted_list
from gatbert.errors import UserError
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL, STANCES

WORDS: Mapping[str, tuple[str, ...]] = {
    AGAINST: ("opposed", "opposes", "opposing", "opposition", "disagree", "disagrees", "contra", "deny", "refute"),
    FAVOR: ("in favor", "in favour", "supports", "supporting", "supportive", "agree", "agrees", "endorse"),
    NEUTRAL: ("no stance", "unrelated", "neither favor nor against", "neutral/none", "irrelevant"),
}
"""Labels of public corpora, beside those that need no map."""

NUMBERS: tuple[Mapping[str, str], ...] = (
    {"-1": AGAINST, "0": NEUTRAL, "1": FAVOR},
    {"-1": AGAINST, "1": FAVOR},
    {"0": AGAINST, "1": FAVOR},
)
"""Numbers that mean the same in all corpora; 0, 1, 2 do not: 1 is favor in VAST, and against in TweetEval."""

OF_WORDS = {label: stance for stance, labels in WORDS.items() for label in labels} | {
    label: stance for label, stance in generic_labels(STANCES).items() if stance is not None
}


def stance_of_labels(labels: Iterable[str]) -> dict[str, str]:
    """Return the stance of each label that says it, by its word, or by its number beside the others."""
    folded = {label: _folded(label) for label in labels}
    for numbers in NUMBERS:
        if set(folded.values()) == set(numbers):
            return {label: numbers[number] for label, number in folded.items()}
    return {label: OF_WORDS[word] for label, word in folded.items() if word in OF_WORDS}


def label_map(column: str, labels: Iterable[str], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the stance of every label of a corpus; ``None`` for those whose rows are skipped.

    Args:
        column: The column of the labels, for the message.
        labels: All labels, as the corpus writes them.
        given: What the user says of some of them, whatever their case.

    Raises:
        UserError: If the meaning of one is not known, or fewer than two stances are left.
    """
    labels = list(labels)
    said = {_folded(str(label)): stance for label, stance in given.items()}
    guessed = stance_of_labels(label for label in labels if _folded(label) not in said)
    found: dict[str, str | None] = {}
    for label in labels:
        if _folded(label) in said:
            found[label] = said[_folded(label)]
        elif label in guessed:
            found[label] = guessed[label]
    if unknown := [label for label in labels if label not in found]:
        example = json.dumps(dict(zip(unknown, STANCES, strict=False)), ensure_ascii=False)
        raise UserError(
            f"the column {column!r} has the labels {quoted_list(labels)}, and what {quoted_list(unknown)} means cannot "
            f"be told; say it by --labels, such as --labels '{example}', where null skips the rows of a label"
        )
    if len(set(found.values()) - {None}) < 2:
        raise UserError(
            f"the column {column!r} has the labels {quoted_list(labels)}: training needs two stances or more"
        )
    return found


def _folded(label: str) -> str:
    """Return a label as it is compared: a number without its decimal point, a word without case, _ and white space."""
    word = " ".join(re.sub(r"(?<=\w)[-_](?=\w)", " ", label.casefold()).split())
    return word.removesuffix(".0").removeprefix("+")
