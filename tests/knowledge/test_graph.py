"""The graph on disk: lookups, neighbours, edges among concepts, and refusal of what is damaged."""

import json
import pickle
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.knowledge.sources.assertions import Choice
from gatbert.knowledge.verification import verify_graph
from tests.knowledge.damage import give_glosses, put, rewrite, use
from tests.knowledge.dump import graph_of, write_wordnet


def names(graph: KnowledgeGraph, phrase: str) -> set[tuple[str, str, float]]:
    around = graph.neighbours(graph.concept_id(phrase) or 0)
    labels = graph.relations.labels()
    return {(labels[r], graph.label(int(n)), float(w)) for n, r, w in zip(*around[1:], strict=True)}


def test_neighbours_stand_on_both_sides(graph: KnowledgeGraph) -> None:
    assert len(graph) == 5
    assert graph.num_edges == 4
    assert names(graph, "wind power") == {("IsA", "energy", 2), ("RelatedTo", "turbine", 1), ("UsedFor", "energy", 0.5)}
    assert names(graph, "energy") == {("IsA^-1", "wind power", 2), ("UsedFor^-1", "wind power", 0.5)}
    assert names(graph, "turbine") == {("RelatedTo", "wind power", 1)}
    assert graph.degree(graph.concept_id("energy") or 0) == 2


@pytest.mark.parametrize("phrase", ["wind power", "Wind_Power", "WIND  POWER"])
def test_phrases_are_found_whatever_their_form(graph: KnowledgeGraph, phrase: str) -> None:
    concept = graph.concept_id(phrase)
    assert concept is not None
    assert graph.label(concept) == "wind power"
    assert graph.key(concept) == "en/wind_power"


def test_diacritics_do_not_distinguish(graph: KnowledgeGraph) -> None:
    assert graph.concept_id("Cafe") == graph.concept_id("CAF\u00c9") is not None
    assert graph.concept_id("nowhere") is None


def test_edges_among_concepts_stand_in_both_directions(graph: KnowledgeGraph) -> None:
    phrases = ("energy", "turbine", "wind power")
    nodes = np.asarray([graph.concept_id(phrase) for phrase in phrases], np.int64)
    assert among(graph, nodes) == {
        *(("wind power", "IsA", "energy"), ("energy", "IsA^-1", "wind power")),
        *(("wind power", "UsedFor", "energy"), ("energy", "UsedFor^-1", "wind power")),
        *(("wind power", "RelatedTo", "turbine"), ("turbine", "RelatedTo", "wind power")),
    }
    assert among(graph, nodes[:2]) == set()
    assert len(graph.among(nodes[:0]).source) == 0


def among(graph: KnowledgeGraph, nodes: npt.NDArray[np.int64]) -> set[tuple[str, str, str]]:
    labels = graph.relations.labels()
    rows = zip(*graph.among(nodes)[:3], strict=True)
    return {(graph.label(int(nodes[h])), labels[r], graph.label(int(nodes[t]))) for h, t, r in rows}


pairs = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["IsA", "RelatedTo"]), st.integers(0, 9)), min_size=1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs, st.lists(st.integers(0, 9), unique=True))
def test_edges_equal_a_plain_search(
    tmp_path_factory: pytest.TempPathFactory, triples: list[tuple[int, str, int]], chosen: list[int]
) -> None:
    named = [(f"c{h}", r, f"c{t}") for h, r, t in triples if h != t]
    if not named:
        return
    graph = graph_of(tmp_path_factory.mktemp("g"), named)
    labels, reverse = graph.relations.labels(), graph.relations.reverse_ids()
    both = {(h, r, t) for h, r, t in named}
    both |= {(t, labels[reverse[graph.relations.id(r)]], h) for h, r, t in named}
    nodes = sorted(c for c in (graph.concept_id(f"c{i}") for i in chosen) if c is not None)
    inside = {graph.label(node) for node in nodes}
    found = among(graph, np.asarray(nodes, np.int64))
    assert found == {edge for edge in both if edge[0] in inside and edge[2] in inside}


def test_a_worker_gets_the_path_alone(graph: KnowledgeGraph) -> None:
    travelling = pickle.dumps(graph)
    assert len(travelling) < 500
    assert pickle.loads(travelling).concept_id("energy") == graph.concept_id("energy")  # noqa: S301


def test_missing_damaged_and_other_graphs_are_refused(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no knowledge graph: meta\.json is missing"):
        KnowledgeGraph(tmp_path)
    weights = graph.folder / "weights.npy"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    with pytest.raises(UserError, match=r"weights\.npy is damaged"):
        KnowledgeGraph(graph.folder)
    weights.unlink()
    with pytest.raises(UserError, match=r"weights\.npy is missing"):
        KnowledgeGraph(graph.folder)
    weights.write_bytes(whole)
    meta = graph.folder / "meta.json"
    values = json.loads(meta.read_text())
    meta.write_text(json.dumps({**values, "format_version": 99}))
    with pytest.raises(UserError, match="graph format 99"):
        KnowledgeGraph(graph.folder)
    meta.write_text("{")
    with pytest.raises(UserError, match=r"meta\.json is damaged"):
        KnowledgeGraph(graph.folder)


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("IsA\ta\tb\n")

    def interrupt(what: str, done: float) -> None:
        if what.startswith("sort"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / "t.tsv"))]), progress=interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["t.tsv"]


def test_neighbours_of_several_concepts_are_grouped(graph: KnowledgeGraph) -> None:
    concepts = [graph.concept_id(phrase) or 0 for phrase in ("energy", "turbine", "energy")]
    around = graph.neighbours(concepts)
    assert around.source.tolist() == [0, 0, 1, 2, 2]
    np.testing.assert_array_equal(around.neighbours[:2], around.neighbours[3:])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("hash_ids", value) for value in (-1, 5, 2**31 - 1, -(2**31))),
        *(("neighbours", value) for value in (-1, 5, 2**31 - 1, -(2**31))),
        *(("relations", value) for value in (-1, 30_000, -(2**15))),
        ("key_bytes", 0xFF),
    ],
)
def test_ids_that_do_not_exist_are_one_sentence_when_they_are_used(
    graph: KnowledgeGraph, name: str, value: int
) -> None:
    rewrite(graph.folder, name, put(3, value))
    opened = KnowledgeGraph(graph.folder)
    with pytest.raises(UserError, match=r"holds an id that does not exist; gatbert inspect_graph .* --verify true"):
        use(opened)


def test_a_name_without_a_language_is_one_sentence(graph: KnowledgeGraph) -> None:
    rewrite(graph.folder, "key_bytes", put(2, ord("x")))
    with pytest.raises(UserError, match="damaged"):
        use(KnowledgeGraph(graph.folder))


def test_a_graph_knows_which_concepts_its_sources_write_as_names(tmp_path: Path) -> None:
    lines = (folder := write_wordnet(tmp_path / "dict")) / "data.noun"
    lines.write_text(lines.read_text().replace("02 abortion 0 termination", "02 Abortion 0 House_of_Lords"))
    triples = [
        ("Joe Biden", "IsA", "politician"),
        ("House of commons", "IsA", "chamber"),
        ("al-Qaeda", "IsA", "pregnancy"),
        ("pregnancy", "RelatedTo", "Pregnancy"),
    ]
    path = tmp_path / "triples.tsv"
    path.write_text("".join("\t".join((relation, head, tail)) + "\n" for head, relation, tail in triples))
    sources = Sources(wordnet=[str(folder)], triples=[Triples(str(path))])
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", sources, Choice(keep_self_loops=True)))
    found = {graph.label(one): (graph.is_name(one), graph.is_common(one)) for one in range(len(graph))}
    name, common, both, unknown = (True, False), (False, True), (False, True), (False, False)
    assert [found[phrase] for phrase in ("joe biden", "house of lords", "al-qaeda", "abortion")] == [name] * 4
    assert (found["ending"], found["women"], found["house of commons"]) == (common, common, common)
    assert found["pregnancy"] == both
    assert found["politician"] == unknown


def test_a_graph_says_what_its_concepts_are_and_nothing_of_others(graph: KnowledgeGraph) -> None:
    concepts = graph.concept_ids(["energy", "wind power", "cafe"])
    assert [graph.gloss(concept or 0) for concept in concepts] == ["", "", ""]
    told = give_glosses(graph, {"energy": "what moves things", "café": "a café; not a bar"})
    assert [told.gloss(concept or 0) for concept in concepts] == ["what moves things", "", "a café; not a bar"]
    verify_graph(told)


def test_a_gloss_that_is_no_text_is_one_sentence(graph: KnowledgeGraph) -> None:
    told = give_glosses(graph, {"energy": "what moves things"})
    rewrite(told.folder, "gloss_bytes", put(0, 0xFF), checksum=True)
    damaged = KnowledgeGraph(told.folder)
    with pytest.raises(UserError, match="damaged"):
        damaged.gloss(damaged.concept_id("energy") or 0)
    with pytest.raises(UserError, match="the gloss of a concept is no UTF-8"):
        verify_graph(damaged)
