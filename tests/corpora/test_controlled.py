"""Controlled data: nothing but the graph tells the stance, and the graph does tell it."""

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.corpora.controlled import DECIDING, POLES, RELATIONS, SyntheticSettings, generate
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
    stances: dict[tuple[str, str, str], list[str | None]] = defaultdict(list)
    for sample in generate(chosen):
        stances[sample.id.split("-")[0], sample.text, sample.target].append(sample.stance)
    assert all(sorted(map(str, found)) == sorted(STANCES) for found in stances.values())


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
