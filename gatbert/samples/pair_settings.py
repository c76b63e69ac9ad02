"""The pair that an encoder reads of a sample: templates for both, and what stands where in them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from gatbert.errors import UserError
from gatbert.samples.background import BETWEEN, BackgroundName, background
from gatbert.samples.sample import GraphSample, Sample
from gatbert.samples.words import word_spans

PLACEHOLDERS = ("target", "text", "context", "background")
NEEDED = ("target", "text")

AFTER_PAIR = 2
"""Sequence of what is read after both of a pair, which are 0 and 1."""


class Place(NamedTuple):
    """Say where something stands: in which sequence, from which character to before which."""

    sequence: int
    start: int
    end: int


@dataclass(frozen=True)
class RenderedPair:
    """Hold the strings that are read of a sample.

    Attributes:
        first: The first of the pair.
        second: The second; empty where there is no pair, but one string.
        after: What is read after both; empty where nothing is.
        places: Where what stands, by placeholder; those that the templates do not have are missing.
    """

    first: str
    second: str
    after: str
    places: Mapping[str, Place]

    def word_places(self, sample: GraphSample) -> Iterator[Place]:
        """Yield the place of each word of the sample, those of its target first."""
        half = sample.num_target_words
        own = ("target", sample.target, sample.words[:half]), ("text", sample.text, sample.words[half:])
        for name, value, words in own:
            sequence, before, _ = self.places[name]
            yield from (Place(sequence, before + start, before + end) for start, end in word_spans(value, words))


@dataclass(frozen=True)
class PairSettings:
    """Say what an encoder reads of a sample.

    Attributes:
        first: Template of the first of the pair, with ``{target}``, ``{text}``, ``{context}`` or ``{background}``.
        second: Template of the second; with an empty one, the first is read alone.
        background: Where the background of a sample comes from; where no template has it, it is read after the pair.
        max_target_length: Most tokens of a target; ``None`` if it is never cut.
    """

    first: str = "{target}"
    second: str = "{text}"
    background: BackgroundName = "none"
    max_target_length: int | None = None

    def __post_init__(self) -> None:
        if self.max_target_length is not None and self.max_target_length < 1:
            raise UserError(f"max_target_length {self.max_target_length} is not accepted; accepted is at least 1")
        counts: Counter[str] = Counter()
        for flag, template in (("first", self.first), ("second", self.second)):
            _check_template(flag, template)
            counts.update(name for _, name in _parsed(template) if name)
        for name in NEEDED:
            if not counts[name]:
                raise UserError(
                    f"the templates first {self.first!r} and second {self.second!r} have no {{{name}}}; both target "
                    "and text must stand in one of them"
                )
        if twice := [name for name, count in counts.items() if count > 1]:
            raise UserError(f"the templates first and second have {{{twice[0]}}} more than once; each may stand once")
        if counts["background"] and self.background == "none":
            raise UserError(
                "a template has {background}, and background is none; give text (from columns.background or "
                "background_file), concepts or definition"
            )

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders in the templates."""
        return frozenset(name for template in (self.first, self.second) for _, name in _parsed(template) if name)

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a sample that are read."""
        return self.placeholders - {"background"} | ({"background"} if self.background == "text" else set())

    @property
    def reads_concepts(self) -> bool:
        """Whether the concepts of a tagged sample are read as text."""
        return self.background in ("concepts", "definition")

    def rendered(self, sample: Sample) -> RenderedPair:
        """Return the strings that are read of a sample; errors as in ``background``."""
        pieces = background(sample, self.background)
        values = {
            "target": sample.target,
            "text": sample.text,
            "context": sample.context,
            "background": BETWEEN.join(pieces),
        }
        strings, places = [], {}
        for sequence, template in enumerate((self.first, self.second)):
            string = ""
            for literal, name in _parsed(template):
                string += literal
                if name:
                    places[name] = Place(sequence, len(string), len(string) + len(values[name]))
                    string += values[name]
            strings.append(string)
        after = "" if "background" in places else values["background"]
        if after:
            places["background"] = Place(AFTER_PAIR, 0, len(after))
        first, second = strings
        return RenderedPair(first, second, after, places)


@lru_cache
def _parsed(template: str) -> tuple[tuple[str, str | None], ...]:
    """Return each placeholder of a template, or ``None`` at its end, with what stands before it."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def _check_template(flag: str, template: str) -> None:
    """Refuse a template that cannot be read, or has other placeholders."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        raise UserError(
            f"the template {flag} {template!r} cannot be read ({error}); a brace that is meant is written twice"
        ) from error
    for _, name, specification, conversion in pieces:
        if name is not None and (name not in PLACEHOLDERS or specification or conversion):
            whole = f"{name}{f'!{conversion}' if conversion else ''}{f':{specification}' if specification else ''}"
            raise UserError(
                f"the template {flag} {template!r} has {{{whole}}}; known are "
                f"{', '.join(f'{{{known}}}' for known in PLACEHOLDERS)}"
            )
