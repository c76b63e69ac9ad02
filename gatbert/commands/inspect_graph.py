"""``gatbert inspect_graph``: a concept or a tagged sample, in the terminal and as a picture; whether all is whole."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.corpora import read_corpus
from gatbert.corpora.graph_corpus import read_graph_corpus, read_info
from gatbert.errors import UserError
from gatbert.evaluation.drawing import Edge, Node, Picture, page, sample_picture, svg
from gatbert.files.paths import resolve
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.verification import verify_graph
from gatbert.ranges import PositiveInt, check_ranges
from gatbert.samples import GraphSample
from gatbert.samples.background import concept_texts
from gatbert.samples.relations import WORD_CONCEPT, Relations


class _Shown(NamedTuple):
    """What was shown: title and subtitle of its page, and its picture."""

    title: str
    subtitle: str
    picture: Picture


def inspect(
    graph: str | None = None,
    concept: str | None = None,
    corpus: str | None = None,
    sample: str | None = None,
    max_edges: PositiveInt = 40,
    output: str | None = None,
    verify: bool = False,
) -> None:
    """Show a concept of a graph, or a sample of a graph corpus; or verify that graph and corpus are whole.

    Args:
        graph: Folder of the knowledge graph.
        concept: Phrase whose neighbours are shown.
        corpus: Graph corpus, a .parquet file that gatbert tag wrote.
        sample: Id of the sample to show; by default the first with a concept.
        max_edges: Most edges of the concept to show, heaviest first.
        output: Picture to write, .svg or .html.
        verify: Compare the graph with its checksum and check every id in it; read the corpus to its end; with both,
            tell whether the corpus was tagged with the graph.
    """
    check_ranges(inspect, {"max_edges": max_edges})
    if verify:
        _verify(graph, corpus)
        if concept is None and sample is None:
            return
    if (concept is None) == (corpus is None):
        raise UserError("give either --graph FOLDER --concept PHRASE, or --corpus FILE.parquet --sample ID")
    if output is not None and Path(output).suffix not in (".svg", ".html"):
        raise UserError(f"output {output!r} is no picture; accepted are .svg and .html")
    if concept is not None:
        if graph is None:
            raise UserError("a concept needs a graph; give --graph FOLDER")
        shown = _show_concept(KnowledgeGraph(graph), concept, max_edges)
    else:
        shown = _show_sample(resolve(str(corpus)), sample)
    if output is not None:
        path = resolve(output)
        path.write_text(page(*shown) if path.suffix == ".html" else svg(shown.picture) + "\n", encoding="utf-8")
        _print(f"The picture was written to {path}")


def _verify(graph: str | None, corpus: str | None) -> None:
    """Refuse a graph or a corpus that is damaged, and say what was verified."""
    if graph is None and corpus is None:
        raise UserError("there is nothing to verify; give --graph FOLDER, --corpus FILE.parquet, or both")
    opened = None if graph is None else KnowledgeGraph(graph)
    if opened is not None:
        verify_graph(opened)
        size = sum(opened.meta.files.values()) / 1e6
        _print(
            f"{opened.folder} is whole: {len(opened.meta.files)} files, {size:,.1f} MB, have the checksum "
            f"{opened.checksum[:12]} of meta.json; the ids of {len(opened):,} concepts and {opened.num_edges:,} edges "
            "exist, and every edge has its reverse"
        )
    if corpus is not None:
        path = resolve(corpus)
        info = read_info(path)
        if opened is not None and opened.checksum != info.graph_checksum:
            raise UserError(
                f"{path} was tagged with the graph {info.graph_name()}, and {opened.folder} is {opened.checksum[:12]}"
            )
        count = sum(1 for _ in read_corpus(path, "graph", stances=info.stances))
        whose = f"tagged with the graph {info.graph_name()}" + ("" if opened is None else ", which is this one")
        _print(f"{path} is whole: {count:,} samples, {whose}; pages have their checksums, and edges lead to nodes")


def _name(graph: KnowledgeGraph, concept: int) -> str:
    """Return the phrase of a concept, and in a graph of several languages its own."""
    language = graph.key(concept).partition("/")[0]
    return graph.label(concept) if len(graph.languages) == 1 else f"{graph.label(concept)} ({language})"


def _show_concept(graph: KnowledgeGraph, phrase: str, max_edges: int) -> _Shown:
    """Print the heaviest edges of a concept, of the first language that has the phrase."""
    found = (graph.concept_id(phrase, language) for language in graph.languages)
    concept = next((one for one in found if one is not None), None)
    if concept is None:
        raise UserError(f"the graph {graph.folder} has no concept {phrase!r}")
    around = graph.neighbours(concept)
    # (edges,): by weight, heaviest first, then by neighbour, so that the same are shown each time
    heaviest = np.lexsort([around.neighbours, -around.weights])[:max_edges]
    labels = graph.relations.labels()
    title = visible(f"{_name(graph, concept)}: {graph.degree(concept)} edges")
    table = Table("relation", "neighbour", "weight", title=title)
    nodes, edges = [Node(_name(graph, concept), "target", 0)], []
    for edge in heaviest.tolist():
        relation, neighbour = labels[around.relation_ids[edge]], _name(graph, int(around.neighbours[edge]))
        table.add_row(visible(relation), visible(neighbour), f"{around.weights[edge]:.2f}")
        edges.append(Edge(0, len(nodes), relation))
        nodes.append(Node(neighbour, "concept", 1))
    gloss = graph.gloss(concept)
    if gloss:
        _print(f"{graph.label(concept)}: {gloss}")
    Console().print(table)
    subtitle = f"{len(heaviest)} of {graph.degree(concept)} edges" + (f"; {gloss}" if gloss else "")
    return _Shown(graph.label(concept), subtitle, Picture(nodes, edges, ("concept", "neighbours")))


def _show_sample(path: Path, name: str | None) -> _Shown:
    """Print a sample of a graph corpus, by default the first with a concept, and its edges."""
    relations = read_info(path).relations
    samples = (tagged.sample for tagged in read_graph_corpus(path))
    found = next((s for s in samples if (s.id == name if name is not None else s.concepts)), None)
    if found is None:
        raise UserError(f"{path} has no sample {name!r}" if name is not None else f"no sample of {path} has a concept")
    head = visible(f"{found.id}  target: {found.target}  stance: {found.stance or 'unknown'}")
    head.stylize("bold", 0, len(visible(found.id)))
    console = Console()
    console.print(head)
    console.print(Text("\n").join(visible(line) for line in found.text.splitlines()))
    console.print(_edge_table(found, relations))
    if found.definitions:
        console.print(Text("\n").join(map(visible, concept_texts(found))), soft_wrap=True)
    return _Shown(found.target, found.text, sample_picture(found, relations))


def _edge_table(sample: GraphSample, relations: Relations) -> Table:
    """Return the edges of a sample, concept by concept: one in both directions is shown in one."""
    labels = relations.labels()
    names = [visible(name) for name in (*sample.words, *sample.concepts)]
    table = Table("node", "relation", "node", title=f"{len(sample.concepts)} concepts, best first")
    for node in range(len(sample.words), len(names)):
        for head, tail, relation in sample.edges.T.tolist():
            # Of each edge between two concepts, and its reverse, the one from the concept that comes first.
            if head == node and (relation == WORD_CONCEPT or tail > node):
                table.add_row(names[node], visible(labels[relation]), names[tail])
        table.add_section()
    return table


def _print(message: str) -> None:
    Console().print(visible(message), soft_wrap=True)


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("inspect_graph", "Show a concept's neighbours, or a tagged sample.")
    parser.add_function_arguments(inspect)
    config = parser.parse_args(args)
    del config["config"]
    inspect(**config.as_dict())
