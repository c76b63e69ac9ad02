"""Names of politics: public figures, parties, laws and hashtags, what they are and what they stand for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import ENGLISH, Row, add_rows
from gatbert.knowledge.sources.source import Source
from gatbert.knowledge.sources.triples import Triples

POLITICS = "pkg:gatbert/assets/aliases/politics.tsv"
"""The aliases that come with the package."""

LICENSE = "CC0 1.0"


@dataclass(frozen=True)
class Aliases(Source):
    """A file of aliases.

    File: triples in English, relation, head and tail divided by tabs, in which case is that of running text: ``POTUS``
    is a ``FormOf`` ``President of the United States``, ``Joe Biden`` ``IsA`` ``politician``. The one of the package was
    written by hand for gatbert; its README says from what. Licence: CC0 1.0.

    Traps: words such as ``May`` or ``Bush`` are names where they are capitalised alone. The case of a phrase says so,
    and an abbreviation that is also a hashtag stands here in both (``MAGA``, ``maga``).
    """

    kind: ClassVar[str] = "aliases"
    is_english: ClassVar[bool] = True
    is_extra: ClassVar[bool] = True

    def check(self, choice: Choice) -> None:
        """Look at the first lines."""
        Triples(self.path).check(choice)

    def add(self, assertions: Assertions) -> int:
        """Add the triples, and how their phrases are spelled."""
        return add_rows(assertions, f"read {self.file.name}", self._rows(assertions.choice), minds_case=True)

    def _rows(self, choice: Choice) -> Iterator[Row]:
        """Yield the assertion of each line, whose phrases are English, whatever language is the first."""
        for row in Triples(self.path).rows(replace(choice, languages=(ENGLISH,))):
            yield row._replace(license=LICENSE)
