"""What a language model answers in free text or JSON, as a label."""

import json
import re
from collections.abc import Collection, Iterator

KEYS = ("stance", "label", "answer", "prediction")
"""Names under which an answer gives its stance; the first one that is there counts."""

NAMED = re.compile(rf"\b(?:{'|'.join(KEYS)})\b[\s*_\"'`]*(?:is\b|[:=])[\s*_\"'`]*(\w+)", re.IGNORECASE)
NEGATION = re.compile(r"(?:\b(?:not|no|never|nor|hardly|rather than)|n['\u2019]t)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
WORDS_OF_GRAMMAR = frozenset({"for", "con", "pro", "none", "neither", "support", "oppose", "anti"})
"""Labels that stand in sentences about anything: they count as a whole answer, or where the stance is named, alone."""


def label_of_answer(answer: str, labels: Collection[str]) -> str | None:
    """Return the label that an answer gives; ``None`` if it gives none, or several.

    What counts, in this order: the last JSON object in it with a stance; the answer as a whole, if it is a label; the
    last ``stance: LABEL`` in it; the only label that its sentences name, unless it is negated.

    Args:
        answer: What the model said.
        labels: Known labels; case does not distinguish them.
    """
    known = {label.casefold(): label for label in labels}
    for given in _in_json(answer):
        return known.get(given.strip().casefold())
    if (whole := re.sub(r"^\W+|\W+$", "", answer).casefold()) in known:
        return known[whole]
    if named := [known[word.casefold()] for word in NAMED.findall(answer) if word.casefold() in known]:
        return named[-1]
    found = {label for label in known.keys() - WORDS_OF_GRAMMAR if _is_said(label, answer)}
    return known[found.pop()] if len(found) == 1 else None


def _in_json(answer: str) -> Iterator[str]:
    """Yield the stance of each JSON object in an answer that has one, the last object first."""
    decoder = json.JSONDecoder()
    for place in reversed([match.start() for match in re.finditer("{", answer)]):
        try:
            values, _ = decoder.raw_decode(answer, place)
        except (ValueError, RecursionError):
            continue
        lowered = {name.casefold(): value for name, value in values.items()}
        found = [lowered[key] for key in KEYS if key in lowered]
        yield from [one if isinstance(one, str) else json.dumps(one) for one in found[:1]]


def _is_said(label: str, answer: str) -> bool:
    """Tell whether a label stands in an answer; one that is negated there says nothing, and neither does the answer."""
    places = [match.start() for match in re.finditer(rf"\b{re.escape(label)}\b", answer, re.IGNORECASE)]
    return bool(places) and not any(NEGATION.search(answer[:place]) for place in places)
