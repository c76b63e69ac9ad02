"""KGTK's edge files, CSKG among them: what is read of them, and the one sentence that each mistake in them gets."""

import gzip
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources
from gatbert.knowledge.sources.assertions import Choice
from tests.knowledge.dump import CSKG, edges


def build(tmp_path: Path, text: str, name: str = "cskg.tsv", choice: Choice | None = None) -> KnowledgeGraph:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return KnowledgeGraph(build_graph(tmp_path / "graph", Sources(kgtk=[str(path)]), choice))


@pytest.mark.parametrize("name", ["cskg.tsv", "cskg.tsv.gz"])
def test_ids_of_conceptnet_name_concepts_and_other_labels_are_synonyms(tmp_path: Path, name: str) -> None:
    assert edges(build(tmp_path, CSKG, name)) == {
        ("en/piano_keyboard", "PartOf", "en/piano", 1.0),
        ("en/clavier", "Synonym", "en/piano_keyboard", 1.0),
        ("en/fingerboard", "Synonym", "en/piano_keyboard", 1.0),
        ("en/use", "HasLexicalUnit", "en/shoe", 1.0),
        ("en/personx_sings", "xAttr", "en/loud", 1.0),
        ("en/personx_sings", "Synonym", "en/sings", 1.0),
    }


def test_columns_are_found_by_the_names_that_kgtk_has_for_them(tmp_path: Path) -> None:
    text = "weight\tobject\tlabel\tnode1;label\tsubject\n2.5\tQ1\tP31\t'Joe \\| Biden'@en|\"Joe\"\tQ2\n\n"
    assert edges(build(tmp_path, text.replace("Q1", "wd:human"))) == {
        ("en/joe_|_biden", "P31", "en/human", 2.5),
        ("en/joe", "Synonym", "en/joe_|_biden", 2.5),
    }


def test_senses_and_languages_are_kept_if_asked(tmp_path: Path) -> None:
    graph = build(tmp_path, CSKG, choice=Choice(keep_senses=True, languages=("en", "fr"), drop_relations=("Synonym",)))
    found = {edge[:3] for edge in edges(graph)}
    assert ("en/piano_keyboard/n/wn/artifact", "PartOf", "en/piano/n") in found
    assert ("fr/chat", "IsA", "en/animal") in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a\tb\tc\n",
            r"k\.tsv:1: no column node1 in the header; accepted is an edge file of KGTK: node1, relation, node2",
        ),
        ("node1,relation,node2\n", r"k\.tsv:1: no column node1"),
        ("node1\tnode2\nx\ty\n", r"k\.tsv:1: no column relation"),
        ("node1\trelation\tnode2\n", r"k\.tsv: the file has no edges below its header"),
        ("node1\trelation\tnode2\na\tb\n", r"k\.tsv:2: 2 columns instead of 3, as the header has"),
        ("node1\trelation\tnode2\na\tb\tc\n\tb\tc\n", r"k\.tsv:3: node1 is empty"),
        ("node1\trelation\tnode2\tweight\na\tb\tc\tmuch\n", r"k\.tsv:2: the weight 'much' is no number"),
        ("node1\trelation\tnode2\tnode1;label\na\tb\tc\t\u0301\n", r"k\.tsv:2: the label .* names no concept"),
    ],
)
def test_wrong_edges_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(tmp_path, text, "k.tsv")
    assert [path.name for path in tmp_path.iterdir()] == ["k.tsv"]
