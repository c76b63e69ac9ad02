"""Wikidata5M: entities of Wikidata that Wikipedia has, with their names and relations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

import duckdb
import pyarrow as pa

from gatbert.errors import UserError
from gatbert.files.text import utf8_lines
from gatbert.knowledge.sources.assertions import Assertions, Choice, file_pattern
from gatbert.knowledge.sources.source import Source
from gatbert.knowledge.sources.wikidata5m_queries import (
    COUNT_STATEMENTS,
    DROP_TABLES,
    KEEP_ENTITIES,
    READ_ENTITIES,
    READ_TEXTS,
    READ_TRIPLES,
    SELECT_ALIASES,
    SELECT_RELATIONS,
    SELECT_SPELLINGS,
    TOUCH_KEPT,
)

ENTITIES, RELATIONS, TEXTS = "wikidata5m_entity.txt", "wikidata5m_relation.txt", "wikidata5m_text.txt"
TRIPLES = ("wikidata5m_all_triplet.txt", "wikidata5m_transductive_train.txt", "wikidata5m_inductive_train.txt")
"""Files of triples, the first of which that is there is read: all, or those of a split's training part."""

ARCHIVES = {
    ENTITIES: "wikidata5m_alias.tar.gz",
    RELATIONS: "wikidata5m_alias.tar.gz",
    TRIPLES[0]: "wikidata5m_all_triplet.txt.gz or wikidata5m_transductive.tar.gz",
}
"""In what the files are published."""

CONCEPTNET = {
    "P31": "IsA",  # instance of
    "P279": "IsA",  # subclass of
    "P106": "IsA",  # occupation
    "P361": "PartOf",  # part of
    "P463": "PartOf",  # member of
    "P527": "HasA",  # has part
    "P186": "MadeOf",  # material used
    "P276": "AtLocation",  # location
    "P131": "AtLocation",  # located in the administrative territorial entity
    "P366": "UsedFor",  # use
    "P1552": "HasProperty",  # has quality
    "P1542": "Causes",  # has effect
    "P461": "Antonym",  # opposite of
    "P1889": "DistinctFrom",  # different from
}
"""Relations that ConceptNet has as well, and so are the same in a graph of both. ConceptNet says of an instance, of a
kind and of what somebody is by occupation alike that it ``IsA``, and of a member, as WordNet here, that it is
``PartOf``."""

FIRST_LINES = 1000
"""Lines of each file that are looked at before all are read."""

LINES = {
    "triples": re.compile(r"Q\d{1,9}\tP\d{1,9}\tQ\d{1,9}"),
    "entities": re.compile(r"Q\d{1,9}\t.*"),
    "relations": re.compile(r"P\d{1,9}\t.*"),
    "texts": re.compile(r"Q\d{1,9}\t.*"),
}
"""Lines of each kind of file."""


@dataclass(frozen=True)
class Wikidata5M(Source):
    """The triples of Wikidata5M between entities that have a name, and their names as ``FormOf``.

    Folder: ``wikidata5m_all_triplet.txt``, or else the training part of the transductive or inductive split; the names
    ``wikidata5m_entity.txt`` and ``wikidata5m_relation.txt``; and ``wikidata5m_text.txt``, if it is there. The archives
    are unpacked, into the folder or one within it; the files themselves may be gzipped
    (https://deepgraphlearning.github.io/project/wikidata5m; Wang et al. 2021, KEPLER,
    https://doi.org/10.1162/tacl_a_00360). Lines are ``Q22686<TAB>P39<TAB>Q11696``, and an id with all its names.
    Licence: CC0 1.0, as Wikidata. The transductive split trains with 20,614,279 triples of 4,594,485 entities and 822
    relations, the inductive one with 20,496,514 of 4,579,609.

    An entity is the concept of its label: the longest of its names with which its text begins, or without that file the
    first. All its other names are a ``FormOf`` the label. A relation is that of ConceptNet where there is one
    (``CONCEPTNET``), else its first name in one word (``place of birth`` is ``PlaceOfBirth``).

    Traps: names are in no order, and the first may be an odd one (``donnie trump``). Entities with the same label are
    one concept, as everywhere in a graph. A name that several entities have is a form of the one with the most triples
    alone, the likeliest to be meant (``trump`` of Donald Trump rather than of a village). Triples hold entities without
    a name, which are left out. An instance of something is mostly one of a thing that tells nothing (``human``).

    Attributes:
        keep: Phrases, in folded form, to whose neighbourhood the graph is limited; with ``None`` all is read.
    """

    keep: frozenset[str] | None = None

    kind: ClassVar[str] = "wikidata5m"
    is_english: ClassVar[bool] = True

    def files(self) -> Sequence[Path]:
        """Return the files that are read."""
        return list(self._by_kind().values())

    def check(self, choice: Choice) -> None:
        """Look for the files, and at their first lines."""
        for kind, path in self._by_kind().items():
            _name_the_line(path, kind, islice(utf8_lines(path), FIRST_LINES))

    def add(self, assertions: Assertions) -> int:
        """Add the triples and the names."""
        files = self._by_kind()
        try:
            return _add(assertions, self, files)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:  # it is fast, but does not say which line was wrong
            for kind, path in files.items():
                _name_the_line(path, kind, utf8_lines(path))
            raise UserError(f"{self.file}: {str(error).splitlines()[0]}") from error

    def _by_kind(self) -> Mapping[str, Path]:
        """Return the file of the triples, of the entities, of the relations and, if it is there, of the texts."""
        if not self.file.is_dir():
            raise UserError(f"wikidata5m: the folder {self.file} does not exist; give the one with {ENTITIES} in it")
        wanted = {"triples": TRIPLES, "entities": (ENTITIES,), "relations": (RELATIONS,), "texts": (TEXTS,)}
        files = {kind: _find(self.file, names) for kind, names in wanted.items()}
        for kind, names in wanted.items():
            if files[kind] is None and kind != "texts":
                raise UserError(
                    f"wikidata5m: {' or '.join(names)} is missing in {self.file}; it comes in {ARCHIVES[names[0]]}, "
                    "which is unpacked first"
                )
        return {kind: path for kind, path in files.items() if path is not None}


def _add(assertions: Assertions, source: Wikidata5M, files: Mapping[str, Path]) -> int:
    """Read the files into tables, and add what follows from these."""

    def run(what: str, query: str, path: Path) -> None:
        compression = "gzip" if path.suffix == ".gz" else "none"
        assertions.run(what, query.format(compression=compression), [file_pattern(path)])

    run("read the names of entities", READ_ENTITIES, files["entities"])
    if "texts" in files:
        run("read the texts of entities", READ_TEXTS, files["texts"])
    if source.keep is not None:
        _keep(assertions, source)
    touching = "" if source.keep is None else TOUCH_KEPT
    run("read the triples", READ_TRIPLES + touching, files["triples"])
    assertions.run("count the triples of each entity", COUNT_STATEMENTS)
    assertions.connection.register("wikidata_relations", _relations(files["relations"]))
    added = assertions.add("relate the entities", SELECT_RELATIONS)
    added += assertions.add("relate their names", SELECT_ALIASES)
    assertions.add_spellings("spell the names", SELECT_SPELLINGS)
    assertions.connection.unregister("wikidata_relations")
    assertions.run("clear up", DROP_TABLES)
    return added


def _keep(assertions: Assertions, source: Wikidata5M) -> None:
    """Make the table of the entities that are to be kept, those with a name that is one of the phrases."""
    assertions.connection.register("wikidata_phrases", pa.table({"phrase": sorted(source.keep or ())}))
    assertions.run("find the entities to keep", KEEP_ENTITIES)
    assertions.connection.unregister("wikidata_phrases")
    if not assertions.value("SELECT count(*) FROM wikidata_kept"):
        raise UserError(
            f"wikidata5m_keep: none of its {len(source.keep or ()):,} phrases is a name of an entity in "
            f"{source.file}; give names as Wikipedia has them, or leave it out"
        )


def _relations(path: Path) -> pa.Table:
    """Return number and name of each relation."""
    _name_the_line(path, "relations", utf8_lines(path))
    names = {}
    for line in utf8_lines(path):
        number, name, *_ = line.rstrip("\r\n").split("\t")
        names[int(number[1:])] = CONCEPTNET.get(number) or _in_one_word(name) or number
    return pa.table({"relation": pa.array(names, pa.int32()), "name": list(names.values())})


def _in_one_word(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in re.findall(r"\w+", name))


def _find(folder: Path, names: Sequence[str]) -> Path | None:
    """Return the first of some files that lies in a folder, or in one within it, gzipped or not."""
    patterns = (f"{within}{name}{ending}" for name in names for within in ("", "*/") for ending in ("", ".gz"))
    return next((path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file()), None)


def _name_the_line(path: Path, kind: str, lines: Iterable[str]) -> None:
    """Refuse the first line that is wrong, or a file without lines."""
    expected = "Q22686<TAB>P39<TAB>Q11696" if kind == "triples" else "an id, a tab, and its names"
    number = 0
    for number, line in enumerate(lines, start=1):
        if not LINES[kind].fullmatch(line.rstrip("\r\n")):
            raise UserError(f"{path}:{number}: {line.strip()[:60]!r} is no line of Wikidata5M; accepted is {expected}")
    if number == 0:
        raise UserError(f"{path}: the file is empty; accepted is {expected} in each line")
