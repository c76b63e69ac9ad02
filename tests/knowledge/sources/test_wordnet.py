"""WordNet's files: what is read of them, and the one sentence that each mistake in them gets."""

from collections import Counter
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources
from gatbert.knowledge.sources.wordnet_files import PARTS, read_synsets
from gatbert.knowledge.verification import verify_graph
from tests.knowledge.dump import edges, write_wordnet


def test_wordnet_becomes_conceptnets_relations(tmp_path: Path) -> None:
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources(wordnet=[str(write_wordnet(tmp_path / "dict"))])))
    assert edges(graph) == {
        ("en/abortion", "Synonym", "en/termination", 0.5),
        ("en/abortion", "IsA", "en/ending", 1.0),
        ("en/termination", "IsA", "en/ending", 0.5),
        ("en/abortion", "DerivedFrom", "en/abort", 1.0),
        ("en/abort", "DerivedFrom", "en/abortion", 1.0),
        ("en/women", "FormOf", "en/woman", 1.0),
        ("en/abortion", "RelatedTo", "en/ending", 0.5),
        ("en/ending", "RelatedTo", "en/termination", 0.25),
        ("en/abortion", "RelatedTo", "en/pregnancy", 0.5),
        ("en/pregnancy", "RelatedTo", "en/termination", 0.25),
        ("en/abort", "RelatedTo", "en/pregnancy", 0.5),
    }


def test_the_gloss_is_that_of_the_most_frequent_sense_and_of_the_noun_before_others(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    with (folder / "data.noun").open("a") as data, (folder / "index.noun").open("a") as index:
        data.write('00000006 04 n 01 abort 0 001 @ 00000002 n 0000 | a mission that was ended; "an abort"  \n')
        data.write("00000007 04 n 02 ending 0 finish 0 001 @ 00000004 n 0000 | the last part  \n")
        index.write("abort n 1 1 @ 1 0 00000006  \nfinish n 1 1 @ 1 0 00000007  \n")
    (folder / "index.noun").write_text(
        (folder / "index.noun").read_text().replace("ending n 1 0 1 0 00000002", "ending n 2 0 2 0 00000002 00000007")
    )
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)], glosses=False)))
    found = {graph.label(concept): graph.gloss(concept) for concept in range(len(graph))}
    assert found["abort"] == "a mission that was ended"  # as a verb: end a pregnancy
    assert found["ending"] == "the act of stopping"  # in its second sense: the last part
    assert found["finish"] == "the last part"
    assert found["termination"] == "the ending of pregnancy"
    assert found["women"] == ""
    verify_graph(graph)


def test_damaged_wordnet_is_named(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    data = folder / "data.noun"
    whole = data.read_text()
    data.write_text(whole.replace("04 n 01 pregnancy", "04 n xx pregnancy"))
    with pytest.raises(UserError, match=r"data\.noun:4: no synset"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    data.write_text("\n".join(whole.splitlines()[:2]) + "\n")
    with pytest.raises(UserError, match="points to n00000002, which is not there"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    data.unlink()
    with pytest.raises(UserError, match=r"data\.noun is missing"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))


@pytest.mark.real_data
def test_wordnet_has_the_published_synsets(data_folder: Path) -> None:
    counts = Counter({part: sum(1 for _ in read_synsets(data_folder / "wordnet" / "dict", part)) for part in PARTS})
    assert counts == {"noun": 82115, "verb": 13767, "adj": 18156, "adv": 3621}
    assert counts.total() == 117659


def test_damaged_lines_of_wordnet_are_named(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    cases = [
        ("noun.exc", b"women woman\n\nmen man\n", r"noun\.exc:2: no form and its lemmas"),
        ("noun.exc", b"women woman\nmen\n", r"noun\.exc:2: no form and its lemmas"),
        ("noun.exc", b"women woman\nm\xe9n man\n", r"noun\.exc:2: byte 0xe9 is not UTF-8"),
        ("index.verb", b"\xff\n", r"index\.verb:1: byte 0xff is not UTF-8"),
        ("index.verb", b"\n", r"index\.verb:1: no entry"),
        ("data.verb", b"\n", r"data\.verb:1: no synset"),
        ("data.verb", b"00000003 29 v 01 abort 0 999999999 + 1 n 0101 | x\n", r"data\.verb:1: .*pointers are missing"),
        ("data.adv", b"00000009 00 r 01 \xe9 0 000 | x\n", r"data\.adv:1: byte 0xe9 is not UTF-8"),
    ]
    for name, content, words in cases:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        with pytest.raises(UserError, match=words):
            build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
        (folder / name).write_bytes(whole)
    for part in PARTS:
        for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
            (folder / name).write_text("  1 licence\n")
    with pytest.raises(UserError, match="has no lemma that is related to another"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    assert not (tmp_path / "graph").exists()
