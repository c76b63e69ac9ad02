"""Random samples with graphs: what tests of the graph classifiers run on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gatbert.batches import Encoded
from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.relations import FIRST_RELATION, WORD_CONCEPT, vocabulary
from tests.tiny import WORDS

RELATIONS = vocabulary(["Antonym", "Causes", "IsA", "UsedFor"])
STANCES = ("against", "favor", "neutral")


def random_sample(
    seed: int, num_words: int = 7, num_concepts: int = 6, num_edges: int = 14, num_links: int = 3
) -> GraphSample:
    """Return a sample of random words, of which some are linked, and a graph with parallel and missing edges.

    Concepts that no edge reaches are left as they are; an edge may be a loop.
    """
    random = np.random.default_rng(seed)
    words = tuple(random.choice(WORDS, num_words).tolist())
    num_target = max(1, num_words // 3)
    edges = []
    for _ in range(num_links if num_concepts else 0):
        word, concept = int(random.integers(num_words)), num_words + int(random.integers(num_concepts))
        edges += [(word, concept, WORD_CONCEPT), (concept, word, WORD_CONCEPT)]
    for _ in range(num_edges if num_concepts else 0):
        head, tail = (num_words + random.integers(num_concepts, size=2)).tolist()
        edges.append((head, tail, int(random.integers(FIRST_RELATION, len(RELATIONS)))))
        if random.random() < 0.3:
            edges.append((head, tail, int(random.integers(FIRST_RELATION, len(RELATIONS)))))
    concepts = [" ".join(random.choice(WORDS, random.integers(1, 4)).tolist()) for _ in range(num_concepts)]
    return GraphSample(
        id=f"s{seed}",
        text=" ".join(words[num_target:]),
        target=" ".join(words[:num_target]),
        stance=STANCES[seed % 3],
        words=words,
        num_target_words=num_target,
        concepts=tuple(concepts),
        definitions=tuple(f"the {concept} is good" if place % 3 else "" for place, concept in enumerate(concepts)),
        edges=np.asarray(edges, np.int32).reshape(-1, 3).T,
    )


def random_samples() -> list[GraphSample]:
    """Return samples of unequal size: ordinary ones, one without concepts, one without edges, short and long ones."""
    return [
        random_sample(0),
        random_sample(1, num_words=12, num_concepts=9, num_edges=30),
        random_sample(2, num_concepts=0),
        random_sample(3, num_words=2, num_concepts=3),
        random_sample(4, num_edges=0, num_links=0),
        random_sample(5, num_concepts=1, num_edges=2),
    ]


def nodes_of(encoded: Encoded) -> int:
    """Return how many nodes an encoded sample has."""
    return len(encoded.arrays["input_ids"]) + len(encoded.arrays["concept_lengths"])


def shuffled(samples: Sequence[GraphSample], seed: int = 0) -> list[GraphSample]:
    """Return the samples with their edges in another order."""
    random = np.random.default_rng(seed)
    return [replace(one, edges=random.permutation(one.edges, axis=1)) for one in samples]


def named(sample: Sample) -> set[tuple[str, str, int]]:
    """Return the edges of a sample by the names of their nodes."""
    assert isinstance(sample, GraphSample)
    names = {**dict(enumerate([*(f"{word}?" for word in sample.words), *sample.concepts])), FIRST_TOKEN: "FIRST"}
    return {(names[head], names[tail], relation) for head, tail, relation in sample.edges.T.tolist()}


GRAPH = GraphSample(
    id="g1",
    text="wind power",
    target="zoos",
    stance="favor",
    words=("zoos", "wind", "power"),
    num_target_words=1,
    concepts=("zoo", "wind", "animal"),
    concept_ids=(7, 8, 9),
    definitions=("a place for animals", "", "is a kind of being"),
    edges=np.array([[0, 3, 1, 4, 3, 5], [3, 0, 4, 1, 5, 3], [2, 2, 2, 2, 6, 9]], np.int32),
)
"""The target mentions the concept zoo, the text the concept wind; zoo and animal are related."""
