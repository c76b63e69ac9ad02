"""``gatbert inspect_graph``: a concept's neighbours, or a tagged sample, in the terminal and as a picture."""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from gatbert.arguments import CommandParser
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.drawing import Edge, Node, Picture, page, sample_picture, svg
from gatbert.knowledge.graph_corpus import read_graph_corpus, read_info
from gatbert.knowledge.relations import WORD_CONCEPT, Relations
from gatbert.paths import resolve
from gatbert.samples import GraphSample


def inspect(
    graph: str | None = None,
    concept: str | None = None,
    corpus: str | None = None,
    sample: str | None = None,
    max_edges: int = 40,
    output: str | None = None,
) -> None:
    """Show a concept of a graph, or a sample of a graph corpus.

    Args:
        graph: Folder of the knowledge graph.
        concept: Phrase whose neighbours are shown.
        corpus: Graph corpus, a .parquet file that gatbert tag wrote.
        sample: Id of the sample to show; by default the first with a concept.
        max_edges: Most edges of the concept to show, heaviest first.
        output: Picture to write, .svg or .html.
    """
    if (concept is None) == (corpus is None):
        raise UserError("give either --graph FOLDER --concept PHRASE, or --corpus FILE.parquet --sample ID")
    if output is not None and Path(output).suffix not in (".svg", ".html"):
        raise UserError(f"output {output!r} is no picture; accepted are .svg and .html")
    if concept is not None:
        if graph is None:
            raise UserError("a concept needs a graph; give --graph FOLDER")
        title, subtitle, picture = _show_concept(KnowledgeGraph(graph), concept, max_edges)
    else:
        title, subtitle, picture = _show_sample(resolve(str(corpus)), sample)
    if output is not None:
        path = resolve(output)
        drawn = page(title, subtitle, picture) if path.suffix == ".html" else svg(picture)
        path.write_text(drawn, encoding="utf-8")
        Console().print(f"The picture was written to {path}", highlight=False)


def _show_concept(graph: KnowledgeGraph, phrase: str, max_edges: int) -> tuple[str, str, Picture]:
    concept = graph.concept_id(phrase)
    if concept is None:
        raise UserError(f"the graph {graph.folder} has no concept {phrase!r}")
    around = graph.neighbours(concept)
    heaviest = np.lexsort([around.neighbours, -around.weights])[:max_edges]
    labels = graph.relation_vocabulary.labels()
    table = Table("relation", "neighbour", "weight", title=f"{graph.label(concept)}: {graph.degree(concept)} edges")
    nodes, edges = [Node(graph.label(concept), "target", 0)], []
    for edge in heaviest.tolist():
        relation, neighbour = labels[around.relations[edge]], graph.label(int(around.neighbours[edge]))
        table.add_row(relation, neighbour, f"{around.weights[edge]:.2f}")
        edges.append(Edge(0, len(nodes), relation))
        nodes.append(Node(neighbour, "concept", 1))
    Console().print(table)
    shown = f"{len(heaviest)} of {graph.degree(concept)} edges"
    return graph.label(concept), shown, Picture(nodes, edges, ("concept", "neighbours"))


def _show_sample(path: Path, name: str | None) -> tuple[str, str, Picture]:
    relations = read_info(path).relations
    samples = (tagged.sample for tagged in read_graph_corpus(path))
    found = next((s for s in samples if (s.id == name if name is not None else s.concepts)), None)
    if found is None:
        raise UserError(f"{path} has no sample {name!r}" if name is not None else f"no sample of {path} has a concept")
    console = Console()
    console.print(f"[bold]{found.id}[/bold]  target: {found.target}  stance: {found.stance or 'unknown'}")
    console.print(found.text, highlight=False, markup=False)
    console.print(_edge_table(found, relations))
    return found.target, found.text, sample_picture(found, relations)


def _edge_table(sample: GraphSample, relations: Relations) -> Table:
    labels = relations.labels()
    names = [*sample.words, *sample.concepts]
    table = Table("node", "relation", "node", title=f"{len(sample.concepts)} concepts, best first")
    for node, concept in enumerate(sample.concepts, start=len(sample.words)):
        for head, tail, relation in sample.edges.T.tolist():
            if head == node and (relation == WORD_CONCEPT or tail > node):
                table.add_row(concept, labels[relation], names[tail])
        table.add_section()
    return table


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("inspect_graph", "Show a concept's neighbours, or a tagged sample.")
    parser.add_function_arguments(inspect)
    config = parser.parse_args(args)
    del config["config"]
    inspect(**config.as_dict())
