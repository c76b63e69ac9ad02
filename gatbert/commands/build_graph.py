"""``gatbert build_graph``: knowledge graph from public dumps, out of core, without a server."""

from pathlib import Path

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps, visible
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Triples
from gatbert.knowledge.sources.assertions import Choice, MaxRelations, Threads, Weight
from gatbert.knowledge.sources.triples import Column

Paths = str | list[str] | None


def build(
    output: str,
    conceptnet: Paths = None,
    wordnet: Paths = None,
    glosses: bool = True,
    triples: Paths = None,
    triples_columns: list[Column] | None = None,
    triples_header: bool = False,
    languages: str | list[str] = "en",
    keep_relations: list[str] | None = None,
    drop_relations: list[str] | None = None,
    symmetric: list[str] | None = None,
    min_weight: Weight = 0.0,
    keep_self_loops: bool = False,
    keep_senses: bool = False,
    max_relations: MaxRelations | None = None,
    memory_limit: str = "1GB",
    threads: Threads | None = None,
) -> Path:
    """Build a knowledge graph from any number of sources, merged into one folder.

    Args:
        output: Folder to write; it must not exist.
        conceptnet: assertions-5.7.0.csv or .csv.gz of ConceptNet, one or several.
        wordnet: dict/ folder of WordNet 3, one or several.
        glosses: Relate lemmas of WordNet to those of their definitions.
        triples: TSV or CSV of relation, head and tail, phrases or ConceptNet URIs, one or several; .gz too.
        triples_columns: What each column of the triples is: relation, head, tail, weight, or _ to leave it out.
        triples_header: Whether the first line of the triples names the columns.
        languages: Languages of both ends of an assertion of ConceptNet; the first is that of the other sources.
        keep_relations: Only these relations.
        drop_relations: All relations but these.
        symmetric: Relations of the triples that have no direction, beside those of ConceptNet.
        min_weight: Least weight of an assertion.
        keep_self_loops: Keep assertions that relate a concept to itself.
        keep_senses: Keep part of speech and sense apart (test/n/wikt/en_1) instead of folding them (test).
        max_relations: Most different relations; by default 1,000, and of triples no more than half of their lines: more
            are columns in another order.
        memory_limit: Most memory of the database that sorts and merges.
        threads: Most threads; by default all cores.
    """
    columns = triples_columns or ["relation", "head", "tail"]
    choice = Choice(
        languages=_listed(languages),
        keep_relations=keep_relations or (),
        drop_relations=drop_relations or (),
        min_weight=min_weight,
        keep_self_loops=keep_self_loops,
        keep_senses=keep_senses,
        max_relations=max_relations,
    )
    with Steps() as progress:
        return build_graph(
            output,
            conceptnet=_listed(conceptnet),
            wordnet=_listed(wordnet),
            glosses=glosses,
            triples=[Triples(path, columns, triples_header) for path in _listed(triples)],
            choice=choice,
            symmetric=symmetric or (),
            memory_limit=memory_limit,
            threads=threads,
            progress=progress,
        )


def _listed(given: Paths) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("build_graph", "Build a knowledge graph from public dumps.")
    parser.add_function_arguments(build)
    config = parser.parse_args(args)
    del config["config"]
    folder = build(**config.as_dict())
    graph = KnowledgeGraph(folder)
    by_relation = sorted(graph.meta.num_edges_by_relation.items(), key=lambda item: -item[1])
    console = Console()
    console.print(visible(f"{len(graph):,} concepts, {graph.num_edges:,} edges"))
    console.print(visible(", ".join(f"{name} {count:,}" for name, count in by_relation[:12])))
    console.print(visible(f"The graph was written to {folder}"), soft_wrap=True)
