"""Controlled data: nothing but the graph tells the stance, and the graph does tell it."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.corpora import read_corpus, read_relations
from gatbert.corpora.controlled import DECIDING, POLES, RELATIONS, SyntheticSettings, generate
from gatbert.errors import UserError
from gatbert.samples import GraphSample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.stances import STANCES

SETTINGS = st.builds(
    SyntheticSettings,
    num_texts=st.integers(1, 8),
    hops=st.integers(1, 4),
    distractors=st.integers(0, 2),
    relation_dependent=st.booleans(),
    seed=st.integers(0, 1000),
)


def solve(sample: GraphSample, hops: int, relation_dependent: bool) -> set[str]:
    """Return the stances whose pole can be reached from the mentioned concept in so many edges."""
    nodes = [*sample.words, *sample.concepts]
    linked = {
        tail
        for head, tail, relation in sample.edges.T.tolist()
        if relation == WORD_CONCEPT and sample.num_target_words <= head < len(sample.words)
    }
    for step in range(hops):
        linked = {
            tail
            for head, tail, relation in sample.edges.T.tolist()
            if head in linked
            and relation != WORD_CONCEPT
            and (step or not relation_dependent or relation == RELATIONS.id(DECIDING))
        }
    reached = {nodes[node] for node in linked}
    return {stance for stance, pole in POLES.items() if pole in reached}


@settings(deadline=None)
@given(SETTINGS)
def test_the_graph_tells_the_stance(chosen: SyntheticSettings) -> None:
    samples = list(generate(chosen))
    assert len(samples) == 3 * chosen.num_texts
    for sample in samples:
        assert solve(sample, chosen.hops, chosen.relation_dependent) == {sample.stance}


@settings(deadline=None)
@given(SETTINGS)
def test_the_text_tells_nothing(chosen: SyntheticSettings) -> None:
    stances = defaultdict(list)
    for sample in generate(chosen):
        stances[sample.id.split("-")[0], sample.text, sample.target].append(sample.stance)
    assert all(sorted(found) == sorted(STANCES) for found in stances.values())


@settings(deadline=None)
@given(SETTINGS)
def test_with_all_distractors_or_relations_the_concepts_tell_nothing(chosen: SyntheticSettings) -> None:
    """Nor do unconnected concepts, or edges without their ends: all poles are there, with as many edges each."""
    for sample in generate(chosen):
        if chosen.relation_dependent or chosen.distractors == 2:
            assert set(POLES.values()) <= set(sample.concepts)
            place = {concept: len(sample.words) + index for index, concept in enumerate(sample.concepts)}
            heads = Counter(sample.edges[0].tolist())
            assert len({heads[place[pole]] for pole in POLES.values()}) == 1


def test_relations_alone_tell_in_relation_dependent_graphs() -> None:
    shapes = defaultdict(set)
    for sample in generate(SyntheticSettings(num_texts=5, hops=1, relation_dependent=True)):
        names = [*sample.words, *sample.concepts]
        edges = frozenset((names[head], names[tail]) for head, tail in sample.edges[:2].T.tolist())
        shapes[sample.id.split("-")[0]].add(edges)
    assert all(len(found) == 1 for found in shapes.values())


def test_the_same_settings_give_the_same_samples() -> None:
    one, two, other = (list(generate(SyntheticSettings(num_texts=9, seed=seed))) for seed in (3, 3, 4))
    assert [(s.id, s.text, s.concepts, s.edges.tolist()) for s in one] == [
        (s.id, s.text, s.concepts, s.edges.tolist()) for s in two
    ]
    assert [s.text for s in one] != [s.text for s in other]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_file_of_settings_is_a_corpus(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.yaml", "{num_texts: 4, hops: 3}")
    samples = list(read_corpus(path, "synthetic"))
    assert [sample.id for sample in samples] == [s.id for s in generate(SyntheticSettings(num_texts=4, hops=3))]
    assert read_relations(path, "synthetic") == RELATIONS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hops: 0", "hops 0 is not accepted; accepted is 1 to 7"),
        ("distractors: 3", "distractors 3"),
        ("num_texts: many", "num_texts 'many'"),
        ("jumps: 2", "accepted are the settings num_texts, hops"),
        ("[1, 2]", "accepted are the settings"),
        ("{", "this is no YAML"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=rf"mine.yaml: .*{words}"):
        list(read_corpus(write(tmp_path / "mine.yaml", text), "synthetic"))


def test_columns_and_foreign_label_sets_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.yaml", "{}")
    with pytest.raises(UserError, match="no columns to map"):
        list(read_corpus(path, "synthetic", columns={"text": "body"}))
    with pytest.raises(UserError, match="none of yours"):
        list(read_corpus(path, "synthetic", stances=("for", "against")))
