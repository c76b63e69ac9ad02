"""Where knowledge comes from: each source adds rows to one table of assertions, by DuckDB, out of core."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gatbert.errors import UserError
from gatbert.knowledge.sources.aliases import POLITICS, Aliases
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.causenet import CauseNet
from gatbert.knowledge.sources.conceptnet import ConceptNet
from gatbert.knowledge.sources.kgtk import KGTK
from gatbert.knowledge.sources.source import Source
from gatbert.knowledge.sources.triples import Triples
from gatbert.knowledge.sources.wikidata5m import Wikidata5M
from gatbert.knowledge.sources.wordnet import WordNet

__all__ = ["POLITICS", "Sources", "Triples", "Wikidata5M"]


@dataclass(frozen=True)
class Sources:
    """Say from what a graph is built.

    Attributes:
        conceptnet: Dumps of ConceptNet 5.
        wordnet: ``dict/`` folders of WordNet 3.
        triples: Files of triples.
        glosses: Whether lemmas of WordNet are related to those of their definitions.
        symmetric: Relations of triples that have no direction, beside those of ConceptNet.
        wikidata5m: Folders of Wikidata5M.
        causenet: Files of CauseNet.
        kgtk: Edge files of KGTK, such as CSKG.
        aliases: Files of aliases, such as ``POLITICS``.
    """

    conceptnet: Sequence[str] = ()
    wordnet: Sequence[str] = ()
    triples: Sequence[Triples] = ()
    glosses: bool = True
    symmetric: Sequence[str] = ()
    wikidata5m: Sequence[Wikidata5M] = ()
    causenet: Sequence[str] = ()
    kgtk: Sequence[str] = ()
    aliases: Sequence[str] = ()

    def each(self) -> Iterator[Source]:
        """Yield every source, in the order in which they are read."""
        yield from map(ConceptNet, self.conceptnet)
        yield from (WordNet(path, self.glosses) for path in self.wordnet)
        yield from self.triples
        yield from self.wikidata5m
        yield from map(CauseNet, self.causenet)
        yield from map(KGTK, self.kgtk)
        yield from map(Aliases, self.aliases)

    def check(self, choice: Choice) -> None:
        """Look at the beginning of every source, before any is read.

        Raises:
            UserError: If there is none, or one is wrong.
        """
        sources = list(self.each())
        if not sources:
            raise UserError("no source is given; give conceptnet, wordnet, triples, wikidata5m, causenet or kgtk")
        for source in sources:
            source.check(choice)

    def add_to(self, assertions: Assertions) -> list[dict[str, Any]]:
        """Add the assertions of every source, and return what a graph says of each.

        Raises:
            UserError: If one is wrong, or none of its assertions is wanted.
        """
        return [source.add_to(assertions) for source in self.each()]
