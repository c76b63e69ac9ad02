"""A graph of several languages, and a corpus of the form of x-stance that is tagged with it from the command line."""

import json
from pathlib import Path

import pytest

from gatbert.corpora.graph_corpus import read_graph_corpus
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample
from gatbert.samples.relations import WORD_CONCEPT
from tests.command_line import CommandLine
from tests.knowledge.dump import assertion, write_dump

LINES = [
    assertion("de/atomkraft", "Synonym", "en/nuclear_power"),
    assertion("de/gift", "Synonym", "en/poison"),
    assertion("de/häuser", "FormOf", "de/haus"),
    assertion("de/haus", "Synonym", "en/house"),
    assertion("de/steuer", "Synonym", "en/tax"),
    assertion("de/fordern", "Synonym", "en/demand"),
    assertion("de/fördern", "Synonym", "en/promote"),
    assertion("en/promote", "RelatedTo", "en/nuclear_power"),
    assertion("en/poison", "RelatedTo", "en/nuclear_power"),
    assertion("en/gift", "RelatedTo", "en/house"),
    assertion("fr/impôt", "Synonym", "en/tax"),
    assertion("fr/énergie_nucléaire", "Synonym", "en/nuclear_power"),
    assertion("fr/déchet", "RelatedTo", "fr/énergie_nucléaire"),
    assertion("it/tassa", "Synonym", "en/tax"),
]

POSTS = [
    ("de", "Soll die Atomkraft gefördert werden?", "Das Gift bleibt, und die Häuser und Steuern auch."),
    ("DE", "Soll die Atomkraft bleiben?", "Wir FÖRDERN sie, ihr wollt sie fordern."),
    ("fr", "Faut-il soutenir l'énergie nucléaire ?", "Les déchets, l\u2019impôt: non."),
    ("en", "Should nuclear power stay?", "The gift of a house is no poison."),
    ("", "Should nuclear power stay?", "What a gift"),
]


@pytest.fixture
def graph(command_line: CommandLine, tmp_path: Path) -> Path:
    dump = write_dump(tmp_path / "assertions.csv", LINES)
    command_line("build_graph", "--output", tmp_path / "graph", "--conceptnet", dump, "--languages", "en,de,fr")
    return tmp_path / "graph"


def write_posts(path: Path, posts: list[tuple[str, str, str]]) -> Path:
    """Write JSON lines as x-stance has them."""
    rows = [
        {"id": n, "language": language, "question": question, "comment": comment, "label": ("FAVOR", "AGAINST")[n % 2]}
        for n, (language, question, comment) in enumerate(posts)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


def tag(graph: Path, posts: Path) -> list[object]:
    columns = "{text: comment, target: question, stance: label, language: language}"
    reading = ["--corpus_type", "jsonl", "--columns", columns, "--stances", "[against, favor]", "--train", posts]
    return ["tag", "--graph", graph, *reading, "--output", graph.parent / "out", "--sampling", "naive", "--hops", "1"]


def links(graph: KnowledgeGraph, sample: GraphSample) -> dict[str, set[str]]:
    """Return the keys of the concepts to which each word is linked."""
    found: dict[str, set[str]] = {}
    for head, tail, relation in sample.edges.T.tolist():
        if relation == WORD_CONCEPT and head < len(sample.words):
            key = graph.key(sample.concept_ids[tail - len(sample.words)])
            found.setdefault(sample.words[head], set()).add(key)
    return found


def test_words_link_to_concepts_of_their_language(command_line: CommandLine, graph: Path) -> None:
    output = command_line(*tag(graph, write_posts(graph.parent / "posts.jsonl", POSTS)))
    opened = KnowledgeGraph(graph)
    assert opened.languages == ["en", "de", "fr"]
    samples = [one.sample for one in read_graph_corpus(graph.parent / "out" / "train.parquet")]
    found = [links(opened, sample) for sample in samples]
    # A noun has a capital, and all its forms; a form that the graph lacks is known to the library.
    assert found[0] == {
        "Atomkraft": {"de/atomkraft"}, "gefördert": {"de/fördern"}, "Gift": {"de/gift"},
        "Häuser": {"de/haus"}, "Steuern": {"de/steuer"},
    }  # fmt: skip
    assert found[1] == {"Atomkraft": {"de/atomkraft"}, "FÖRDERN": {"de/fördern"}, "fordern": {"de/fordern"}}
    assert found[2] == {
        "l'énergie": {"fr/énergie_nucléaire"}, "nucléaire": {"fr/énergie_nucléaire"},
        "déchets": {"fr/déchet"}, "l\u2019impôt": {"fr/impôt"},
    }  # fmt: skip
    power = {"nuclear": {"en/nuclear_power"}, "power": {"en/nuclear_power"}}
    assert found[3] == power | {"gift": {"en/gift"}, "house": {"en/house"}, "poison": {"en/poison"}}
    assert found[4] == power | {"gift": {"en/gift"}}
    # German reaches what English knows.
    assert {opened.key(concept) for concept in samples[0].concept_ids} >= {"en/nuclear_power", "en/poison", "en/house"}
    assert "language de" in output
    report = json.loads((graph.parent / "out" / "coverage.json").read_text())["train"]["languages"]
    assert {language: said["num_samples"] for language, said in report.items()} == {"de": 1, "DE": 1, "fr": 1, "en": 1}


def test_a_language_that_the_graph_lacks_is_one_sentence(command_line: CommandLine, graph: Path) -> None:
    posts = write_posts(graph.parent / "posts.jsonl", [*POSTS, ("it", "Una tassa?", "No")])
    error = command_line.refused(*tag(graph, posts))
    assert "posts.jsonl:6: the graph has no concepts in the language 'it', but in en, de, fr; build one with" in error
    assert not (graph.parent / "out").exists()


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        ("en,xx", "languages: the sources have no concept in xx that is wanted, but in en; accepted are codes"),
        ("xx", "has no concept in xx; its languages are en, de, fr, it"),
        ("en;de", "languages: 'en;de' is none; accepted are codes as ConceptNet has them, such as en"),
        ("en,", "languages: '' is none; accepted are codes"),
    ],
)
def test_a_language_that_the_sources_lack_is_one_sentence(
    command_line: CommandLine, tmp_path: Path, languages: str, words: str
) -> None:
    dump = write_dump(tmp_path / "assertions.csv", LINES)
    build = ["build_graph", "--output", tmp_path / "graph", "--conceptnet", dump, "--languages", languages]
    assert words in command_line.refused(*build)
    assert not (tmp_path / "graph").exists()


def test_a_concept_is_shown_with_its_language(command_line: CommandLine, graph: Path) -> None:
    output = command_line("inspect_graph", "--graph", graph, "--concept", "Atomkraft")
    assert "atomkraft (de): 1 edges" in output
    assert "nuclear power (en)" in output
