"""Where knowledge comes from: each source adds rows to one table of assertions, by DuckDB, out of core."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.conceptnet import add_conceptnet, check_conceptnet
from gatbert.knowledge.sources.triples import Triples, add_triples, check_triples
from gatbert.knowledge.sources.wordnet import add_wordnet
from gatbert.knowledge.sources.wordnet_files import check_wordnet

__all__ = ["Sources", "Triples"]


@dataclass(frozen=True)
class Sources:
    """Say from what a graph is built.

    Attributes:
        conceptnet: Dumps of ConceptNet 5.
        wordnet: ``dict/`` folders of WordNet 3.
        triples: Files of triples.
        glosses: Whether lemmas of WordNet are related to those of their definitions.
        symmetric: Relations of triples that have no direction, beside those of ConceptNet.
    """

    conceptnet: Sequence[str] = ()
    wordnet: Sequence[str] = ()
    triples: Sequence[Triples] = ()
    glosses: bool = True
    symmetric: Sequence[str] = ()

    def check(self, choice: Choice) -> None:
        """Look at the beginning of every source, before any is read.

        Raises:
            UserError: If there is none, or one is wrong.
        """
        if not (self.conceptnet or self.wordnet or self.triples):
            raise UserError("no source is given; give conceptnet, wordnet or triples")
        for path in self.conceptnet:
            check_conceptnet(resolve(path), choice)
        for path in self.wordnet:
            check_wordnet(resolve(path))
        for some in self.triples:
            check_triples(some, choice)

    def add_to(self, assertions: Assertions) -> list[dict[str, Any]]:
        """Add the assertions of every source, and return what a graph says of each.

        Raises:
            UserError: If one is wrong, or none of its assertions is wanted.
        """
        dumps, folders = map(resolve, self.conceptnet), map(resolve, self.wordnet)
        described = [
            *(_description("conceptnet", path, add_conceptnet(assertions, path)) for path in dumps),
            *(_description("wordnet", path, add_wordnet(assertions, path, self.glosses)) for path in folders),
            *(_description("triples", some.file, add_triples(assertions, some)) for some in self.triples),
        ]
        for description in described:
            if not description["num_assertions"]:
                raise UserError(
                    f"{description['name']} has no assertion that languages, relations and min_weight let through"
                )
        return described


def _description(kind: str, path: Path, num_assertions: int) -> dict[str, Any]:
    """Return kind, name, size, checksum and number of assertions of a source."""
    files = sorted(path.glob("data.*")) if path.is_dir() else [path]
    return {
        "kind": kind,
        "name": f"{path.parent.name}/{path.name}" if kind == "wordnet" else path.name,  # all are called dict
        "bytes": sum(file.stat().st_size for file in files),
        "sha256": sha256_of_files(files),
        "num_assertions": num_assertions,
    }
