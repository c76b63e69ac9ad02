"""How a graph ties a text to a target: by the shortest path, found here in the plainest way."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gatbert.samples import GraphSample
from gatbert.samples.paths import names_target, path_length

WORDS = ("wind", "windmills", "birds")
NUM_TARGET = 1


def graph(links: set[tuple[int, int]], between: set[tuple[int, int]], num_concepts: int = 5) -> GraphSample:
    """Return a sample of one target word, two text words, and concepts by position."""
    there = [(word, len(WORDS) + concept, 2) for word, concept in sorted(links)]
    there += [(len(WORDS) + one, len(WORDS) + other, 3) for one, other in sorted(between)]
    edges = [*there, *((tail, head, relation) for head, tail, relation in there)]
    return GraphSample(
        id="a",
        text="",
        target="",
        words=WORDS,
        num_target_words=NUM_TARGET,
        concepts=tuple(map(str, range(num_concepts))),
        edges=np.array(edges, np.int32).reshape(-1, 3).T,
    )


def test_lengths_of_paths_in_small_graphs() -> None:
    assert path_length(graph({(0, 0), (1, 1)}, {(0, 1)})) == 1
    assert path_length(graph({(0, 0), (1, 1)}, {(0, 2), (2, 1)})) == 2
    assert path_length(graph({(0, 0), (1, 1)}, {(0, 2), (2, 3), (3, 1)})) is None
    named_alone = graph({(0, 0), (1, 0)}, {(0, 2)})
    assert names_target(named_alone)
    assert path_length(named_alone) is None
    assert not names_target(graph({(0, 0), (1, 1)}, {(0, 1)}))


pairs = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1])


@given(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=6), st.sets(pairs, max_size=8))
def test_a_path_is_as_long_as_the_shortest_one(links: set[tuple[int, int]], between: set[tuple[int, int]]) -> None:
    starts = {concept for word, concept in links if word < NUM_TARGET}
    of_text = {concept for word, concept in links if word >= NUM_TARGET}
    near = between | {(other, one) for one, other in between}
    found = [1 for way in product(starts, of_text - starts) if way in near]
    found += [
        2
        for one, other in product(starts, of_text - starts)
        if {y for x, y in near if x == one} & {x for x, y in near if y == other}
    ]
    sample = graph(links, between)
    assert path_length(sample) == min(found, default=None)
    assert names_target(sample) == bool(starts & of_text)
