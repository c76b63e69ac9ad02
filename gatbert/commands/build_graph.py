"""``gatbert build_graph``: knowledge graph from public dumps, out of core, without a server."""

from dataclasses import dataclass, replace

from rich.console import Console

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import Steps, visible
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import POLITICS, Sources, Triples, Wikidata5M
from gatbert.knowledge.sources.assertions import Choice, MaxRelations, Threads, Weight
from gatbert.knowledge.sources.triples import Column
from gatbert.tagging.corpus_phrases import PhrasesType, read_phrases

Paths = str | list[str] | None


@dataclass(frozen=True)
class BuildArguments:
    """Build a knowledge graph from any number of sources, merged into one folder.

    Attributes:
        output: Folder to write; it must not exist.
        conceptnet: assertions-5.7.0.csv or .csv.gz of ConceptNet, one or several.
        wordnet: dict/ folder of WordNet 3, one or several.
        glosses: Relate lemmas of WordNet to those of their definitions.
        triples: TSV or CSV of relation, head and tail, phrases or ConceptNet URIs, one or several; .gz too.
        triples_columns: What each column of the triples is: relation, head, tail, weight, or _ to leave it out.
        triples_header: Whether the first line of the triples names the columns.
        wikidata5m: Folder with the triples and names of Wikidata5M, unpacked, one or several.
        wikidata5m_keep: Limit Wikidata5M to what these name, and what is one edge away: phrases, one per line
            (.txt), or a corpus, whose targets and runs of up to four words count; one or several.
        wikidata5m_keep_type: What the files of wikidata5m_keep are, phrases or a corpus_type; by default what their
            names say.
        causenet: causenet-precision.jsonl of CauseNet, .bz2 or not, one or several.
        kgtk: Edge file of KGTK, such as cskg.tsv.gz, one or several.
        aliases: Add the names of English-language politics that come with gatbert (GOP, POTUS, Joe Biden).
        languages: Languages of both ends of an assertion of ConceptNet, such as en,de; the first is that of the other
            sources, and of texts that do not name theirs.
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

    output: str
    conceptnet: Paths = None
    wordnet: Paths = None
    glosses: bool = True
    triples: Paths = None
    triples_columns: list[Column] | None = None
    triples_header: bool = False
    wikidata5m: Paths = None
    wikidata5m_keep: Paths = None
    wikidata5m_keep_type: PhrasesType | None = None
    causenet: Paths = None
    kgtk: Paths = None
    aliases: bool = True
    languages: str | list[str] = "en"
    keep_relations: list[str] | None = None
    drop_relations: list[str] | None = None
    symmetric: list[str] | None = None
    min_weight: Weight = 0.0
    keep_self_loops: bool = False
    keep_senses: bool = False
    max_relations: MaxRelations | None = None
    memory_limit: str = "1GB"
    threads: Threads | None = None

    def sources(self) -> Sources:
        """Return from what the graph is built.

        Raises:
            UserError: If the files of phrases are wrong.
        """
        columns = self.triples_columns or ["relation", "head", "tail"]
        given = Sources(
            conceptnet=_list(self.conceptnet),
            wordnet=_list(self.wordnet),
            triples=[Triples(path, columns, self.triples_header) for path in _list(self.triples)],
            glosses=self.glosses,
            symmetric=self.symmetric or (),
            wikidata5m=[Wikidata5M(path, self._kept()) for path in _list(self.wikidata5m)],
            causenet=_list(self.causenet),
            kgtk=_list(self.kgtk),
        )
        if self.wikidata5m_keep and not self.wikidata5m:
            raise UserError("wikidata5m_keep limits wikidata5m, which is not given")
        # They tell what names mean that others use, and alone are no graph.
        is_any = any(True for _ in given.each())
        return replace(given, aliases=[POLITICS] if self.aliases and is_any else [])

    def _kept(self) -> frozenset[str] | None:
        files = _list(self.wikidata5m_keep)
        return read_phrases(files, self.wikidata5m_keep_type) if files else None

    def choice(self) -> Choice:
        """Return which assertions are wanted."""
        return Choice(
            languages=_codes(self.languages),
            keep_relations=self.keep_relations or (),
            drop_relations=self.drop_relations or (),
            min_weight=self.min_weight,
            keep_self_loops=self.keep_self_loops,
            keep_senses=self.keep_senses,
            max_relations=self.max_relations,
        )


def build(arguments: BuildArguments) -> None:
    """Build a knowledge graph, and print what is in it."""
    # Before the progress is shown: a wrong argument is told on a clean terminal.
    choice, sources = arguments.choice(), arguments.sources()
    with Steps() as progress:
        folder = build_graph(
            arguments.output, sources, choice, arguments.memory_limit, arguments.threads, progress=progress
        )
    graph, console = KnowledgeGraph(folder), Console()
    by_relation = sorted(graph.meta.num_edges_by_relation.items(), key=lambda item: -item[1])
    console.print(visible(f"{len(graph):,} concepts, {graph.num_edges:,} edges"))
    console.print(visible(", ".join(f"{name} {count:,}" for name, count in by_relation[:12])))
    console.print(visible(f"The graph was written to {folder}"), soft_wrap=True)


def _list(given: Paths) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def _codes(given: str | list[str]) -> list[str]:
    """Return the languages that are given, in a list or with commas between them, each once."""
    codes = (code.strip() for one in _list(given) for code in one.split(","))
    return list(dict.fromkeys(codes))


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("build_graph", "Build a knowledge graph from public dumps.")
    parser.add_class_arguments(BuildArguments)
    config = parser.parse_args(args)
    del config["config"]
    build(BuildArguments(**config.as_dict()))
