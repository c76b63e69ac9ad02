"""Names of politics stand for whom and what they are said of, from the package's file and from one like Wikidata5M."""

from collections import Counter
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import POLITICS, Sources, Wikidata5M
from gatbert.samples.words import split_words
from gatbert.tagging.linking import Linker
from tests.knowledge.dump import write_wikidata5m

FIGURES = {
    "Trump": "Donald Trump",
    "Biden": "Joe Biden",
    "Kamala": "Kamala Harris",
    "Mike Pence": "Mike Pence",
    "Obama": "Barack Obama",
    "Hillary": "Hillary Clinton",
    "Hillary Rodham Clinton": "Hillary Clinton",
    "Bernie Sanders": "Bernie Sanders",
    "AOC": "Alexandria Ocasio-Cortez",
    "Pelosi": "Nancy Pelosi",
    "McConnell": "Mitch McConnell",
    "Kavanaugh": "Brett Kavanaugh",
    "RBG": "Ruth Bader Ginsburg",
    "Dr Fauci": "Anthony Fauci",
    "Fauci": "Anthony Fauci",
    "Theresa May": "Theresa May",
    "Thatcher": "Margaret Thatcher",
    "Farage": "Nigel Farage",
    "Trudeau": "Justin Trudeau",
    "Zelenskyy": "Volodymyr Zelensky",
    "MLK": "Martin Luther King",
    "Greta": "Greta Thunberg",
    "POTUS": "President of the United States",
    "SCOTUS": "Supreme Court of the United States",
    "GOP": "Republican Party",
    "Dems": "Democratic Party",
    "Lib Dems": "Liberal Democrats",
    "UKIP": "UK Independence Party",
    "MAGA": "Make America Great Again",
    "BLM": "Black Lives Matter",
    "Black Lives Matter": "Black Lives Matter",
    "NRA": "National Rifle Association",
    "ACLU": "American Civil Liberties Union",
    "ISIS": "Islamic State",
    "WHO": "World Health Organization",
    "Obamacare": "Affordable Care Act",
    "DACA": "Deferred Action for Childhood Arrivals",
    "Roe v Wade": "Roe v. Wade",
    "Green New Deal": "Green New Deal",
    "TPP": "Trans-Pacific Partnership",
    "2nd Amendment": "Second Amendment",
    "Paris Accord": "Paris Agreement",
    "LGBTQ": "LGBT",
    "COVID": "COVID-19",
}
"""What public figures, parties, movements and laws are called, and what they are."""


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KnowledgeGraph]:
    """A graph of the aliases, and one of the same names in the form of Wikidata5M."""
    folder = tmp_path_factory.mktemp("aliases")
    full = sorted(set(FIGURES.values()))
    names = {name: "\t".join([name, *(alias for alias, of in FIGURES.items() if of == name != alias)]) for name in full}
    wikidata5m = write_wikidata5m(
        folder / "wikidata5m",
        entities="Q5\thuman\n" + "".join(f"Q{n}\t{names[name]}\n" for n, name in enumerate(full, start=10)),
        triples="".join(f"Q{n}\tP31\tQ5\n" for n, _ in enumerate(full, start=10)),
        texts=None,
    )
    sources = {
        "aliases": Sources(aliases=[POLITICS]),
        "wikidata5m": Sources(wikidata5m=[Wikidata5M(str(wikidata5m))]),
    }
    return {name: KnowledgeGraph(build_graph(folder / f"{name} graph", some)) for name, some in sources.items()}


@pytest.mark.parametrize("source", ["aliases", "wikidata5m"])
def test_names_are_linked_to_what_they_are_said_of(graphs: dict[str, KnowledgeGraph], source: str) -> None:
    graph, right, wrong = graphs[source], set(), {}
    linker = Linker(graph)
    for alias, name in FIGURES.items():
        linked = linker.link(split_words(f"Yesterday we heard of {alias} again."))
        found = {graph.key(concept) for concept in linked.seeds.tolist()}
        if found == {f"en/{name.lower().replace(' ', '_')}"}:
            right.add(alias)
        elif found:
            wrong[alias] = found
    assert wrong == {}
    assert set(FIGURES) - right <= {"WHO"}  # a word of grammar


@pytest.mark.parametrize("source", ["aliases", "wikidata5m"])
def test_aliases_are_forms_of_names(graphs: dict[str, KnowledgeGraph], source: str) -> None:
    graph = graphs[source]
    labels = graph.relations.labels()
    for alias, name in FIGURES.items():
        around = graph.neighbours(graph.concept_id(alias) or 0)
        ends = zip(around.neighbours.tolist(), around.relation_ids.tolist(), strict=True)
        forms = {other for other, relation in ends if labels[relation] == "FormOf"}
        assert alias == name or forms == {graph.concept_id(name)}


def test_a_common_word_is_no_name(tmp_path: Path) -> None:
    common = ("bush", "trump", "ice", "snap")
    (tmp_path / "common.tsv").write_text("".join(f"IsA\t{word}\tthing\n" for word in common))
    built = build_graph(tmp_path / "graph", Sources(aliases=[POLITICS, str(tmp_path / "common.tsv")]))
    graph = KnowledgeGraph(built)
    for text in ("It may rain in May.", "A bush stood there.", "I play a trump card.", "No ice, just a snap."):
        found = {graph.label(concept) for concept in Linker(graph).link(split_words(text)).seeds.tolist()}
        assert found <= set(common)


def test_the_packages_aliases_are_well_formed() -> None:
    rows = [line.split("\t") for line in resolve(POLITICS).read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 400
    assert f"{len(rows):,} triples" in (Path(__file__).parents[3] / "docs" / "knowledge_graph.md").read_text("utf-8")
    assert {len(row) for row in rows} == {3}
    assert {tuple(row): count for row, count in Counter(map(tuple, rows)).items() if count > 1} == {}
    assert all(cell == cell.strip() != "" for row in rows for cell in row)
    forms = [(head.lower(), tail) for relation, head, tail in rows if relation == "FormOf"]
    targets: dict[str, set[str]] = {}
    for alias, name in forms:
        targets.setdefault(alias, set()).add(name)
    assert {alias: names for alias, names in targets.items() if len(names) > 1} == {}
    # No alias stands for another alias, and what something is a form of is told by nothing else of its own
    assert {name for _, name in forms if name.lower() in targets} == set()
    described = {head.lower() for relation, head, _ in rows if relation != "FormOf"}
    assert described.isdisjoint(targets)
    assert {name for _, name in forms if name.lower() not in described} == set()


def test_case_says_what_is_a_name(graphs: dict[str, KnowledgeGraph]) -> None:
    graph = graphs["aliases"]
    assert all(graph.is_name(graph.concept_id(phrase) or 0) for phrase in ("Joe Biden", "May", "Bush", "White House"))
    assert all(graph.is_common(graph.concept_id(phrase) or 0) for phrase in ("politician", "gun control", "maga"))
    assert graph.meta.licenses == {"CC0 1.0": graph.meta.sources[0]["num_assertions"]}


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("FormOf\tPOTUS\tPresident\nFormOf\tGOP\n")
    with pytest.raises(UserError, match=r"a\.tsv:2: 2 columns instead of 3"):
        build_graph(tmp_path / "graph", Sources(aliases=[str(tmp_path / "a.tsv")]))
