"""Tiny dumps in the formats of the public ones, and graphs made from them."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples

Triple = tuple[str, str, str]

TRIPLES = [
    ("wind power", "IsA", "energy", 2.0),
    ("wind power", "RelatedTo", "turbine", 1.0),
    ("wind power", "UsedFor", "energy", 0.5),
    ("café", "IsA", "place", 1.0),
]
"""A small graph, with parallel edges and a letter beyond ASCII."""


def assertion(head: str, relation: str, tail: str, weight: float = 1.0) -> str:
    """Return a line of ConceptNet's dump; ends are such as ``en/wind_power`` or ``en/test/n``."""
    data = {"dataset": "/d/test", "license": "cc:by/4.0", "sources": [{"contributor": "/s/test"}], "weight": weight}
    uri = f"/a/[/r/{relation}/,/c/{head}/,/c/{tail}/]"
    return "\t".join([uri, f"/r/{relation}", f"/c/{head}", f"/c/{tail}", json.dumps(data)])


LINES = [
    assertion("en/wind_power", "IsA", "en/energy", 2.0),
    assertion("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon", 1.0),
    assertion("en/test/n/wikt/en_1", "dbpedia/genre", "en/exam", 0.5),
    assertion("en/exam", "RelatedTo", "en/exam"),
    assertion("fr/éolienne", "RelatedTo", "en/wind_power"),
    assertion("fr/éolienne", "IsA", "fr/énergie"),
]
"""Lines of a dump: senses, other languages, and an edge to itself."""


def write_dump(path: Path, lines: Sequence[str]) -> Path:
    """Write lines as a dump, gzipped if the name says so."""
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def graph_of(folder: Path, triples: Sequence[tuple[str, str, str] | tuple[str, str, str, float]]) -> KnowledgeGraph:
    """Build a graph from head, relation, tail and maybe weight, and open it."""
    path = folder / "triples.tsv"
    rows = [(*row, 1.0) if len(row) == 3 else row for row in triples]
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    built = build_graph(folder / "graph", Sources(triples=[Triples(str(path), ("head", "relation", "tail", "weight"))]))
    return KnowledgeGraph(built)


def write_wordnet(folder: Path) -> Path:
    """Write a WordNet of five synsets, in wndb(5) format."""
    folder.mkdir()
    licence = "  1 This software and database is being provided to you.  \n"
    entries = {
        "noun": [
            "00000001 04 n 02 abortion 0 termination 1 002 @ 00000002 n 0000 + 00000003 v 0101 "
            '| the ending of pregnancy; "an illegal abortion"  ',
            "00000002 04 n 01 ending 0 000 | the act of stopping  ",
            "00000004 04 n 01 pregnancy 0 000 | the state of carrying a baby  ",
        ],
        "verb": ["00000003 29 v 01 abort 0 001 + 00000001 n 0101 01 + 08 00 | end a pregnancy  "],
        "adj": ["00000005 00 s 01 galore(ip) 0 000 | in great numbers  "],
        "adv": [],
    }
    index = {
        "noun": [
            "abortion n 1 2 @ + 1 0 00000001",
            "termination n 2 1 @ 2 0 00000009 00000001",
            "ending n 1 0 1 0 00000002",
            "pregnancy n 1 0 1 0 00000004",
        ],
        "verb": ["abort v 1 1 + 1 0 00000003"],
        "adj": ["galore a 1 0 1 0 00000005"],
        "adv": [],
    }
    for part, lines in entries.items():
        (folder / f"data.{part}").write_text(licence + "".join(f"{line}\n" for line in lines))
        (folder / f"index.{part}").write_text(licence + "".join(f"{line}  \n" for line in index[part]))
        (folder / f"{part}.exc").write_text("women woman\n" if part == "noun" else "")
    return folder


ENTITIES = """Q22686\tdonnie trump\tDonald Trump\tTrump\tDonald John Trump\tPOTUS 45
Q5\thuman\tperson
Q82955\tpolitician
Q60\tNew York City\tNYC\tBig Apple
Q30000\tTrump\ttrump village
Q532\tvillage
Q7\tAC/DC\t
"""
"""Names of seven entities, of which two are called Trump."""

WIKIDATA = {
    "wikidata5m_all_triplet.txt": "Q22686\tP31\tQ5\nQ22686\tP106\tQ82955\nQ22686\tP19\tQ60\nQ30000\tP31\tQ532\n"
    "Q22686\tP9999\tQ99999\nQ7\tP777\tQ60\n",
    "wikidata5m_entity.txt": ENTITIES,
    "wikidata5m_relation.txt": "P31\tinstance of\tis a\nP106\toccupation\tjob\nP19\tplace of birth\tborn in\n",
    "wikidata5m_text.txt": "Q22686\tDonald John Trump (born June 14, 1946) is ...\nQ60\tNew York Cityscape ...\n",
}
"""The files of Wikidata5M, with an entity and a relation that have no name."""


def write_wikidata5m(folder: Path, **changed: str | None) -> Path:
    """Write a folder of Wikidata5M; ``changed`` has other texts of files, by kind, ``None`` for one to leave out."""
    folder.mkdir(exist_ok=True)
    kinds = dict(zip(("triples", "entities", "relations", "texts"), WIKIDATA, strict=True))
    for kind, name in kinds.items():
        text = changed.get(kind, WIKIDATA[name])
        if text is not None:
            (folder / name).write_text(text)
    return folder


def causal(cause: str, effect: str, **others: object) -> str:
    """Return a line of CauseNet."""
    relation = {"cause": {"concept": cause}, "effect": {"concept": effect}}
    return json.dumps({"causal_relation": relation, **others})


CSKG = """id\tnode1\trelation\tnode2\tnode1;label\tnode2;label\trelation;label\tsource
1\t/c/en/piano_keyboard/n/wn/artifact\t/r/PartOf\t/c/en/piano/n\tclavier|fingerboard|piano keyboard\tpiano\tpart of\tCN
2\tfn:fe:use\tfn:HasLexicalUnit\twn:shoe.n.01\t\t\t\tFN
3\tat:personx_sings\tat:xAttr\tat:loud\tpersonx sings|sings\tloud\tperson x is\tAT
4\tQ42\t/r/IsA\tQ5\t\thuman\tis a\tWD
5\t/c/fr/chat\t/r/IsA\t/c/en/animal\tchat\tanimal\tis a\tCN
"""
"""Edges of CSKG: one of ConceptNet, two without or with made labels, one of an id that says nothing, one in French."""


def edges(graph: KnowledgeGraph) -> set[tuple[str, str, str, float]]:
    """Return the forward edges of a graph by name."""
    labels = graph.relations.labels()
    found = set()
    for concept in range(len(graph)):
        around = graph.neighbours(concept)
        for neighbour, relation, weight in zip(*around[1:], strict=True):
            name = labels[relation]
            if not name.endswith("^-1") and (name not in graph.relations.symmetric or concept < neighbour):
                found.add((graph.key(concept), name, graph.key(int(neighbour)), round(float(weight), 4)))
    return found
