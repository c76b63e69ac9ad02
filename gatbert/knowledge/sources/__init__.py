"""Where knowledge comes from: each source adds rows to one table of assertions, by DuckDB, out of core."""

from gatbert.knowledge.sources.assertions import Assertions
from gatbert.knowledge.sources.conceptnet import add_conceptnet, check_conceptnet
from gatbert.knowledge.sources.triples import Triples, add_triples, check_triples
from gatbert.knowledge.sources.wordnet import add_wordnet, check_wordnet

__all__ = [
    "Assertions",
    "Triples",
    "add_conceptnet",
    "add_triples",
    "add_wordnet",
    "check_conceptnet",
    "check_triples",
    "check_wordnet",
]
