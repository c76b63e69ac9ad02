"""Edges of the first token, which is no word, come from and go to the first node of their own sample."""

from dataclasses import replace

import numpy as np
import pytest

from gatbert.batches.rows import UNREACHABLE
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.transforms import TRANSFORMS
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import random_sample, random_samples


def test_edges_of_the_first_token_are_those_of_node_0_in_each_sample(encoder: str) -> None:
    samples = random_samples()
    preprocessor = HybridPreprocessor(load_tokenizer(encoder))
    plain, linked = (preprocessor.encode(one) for one in (samples, TRANSFORMS["cls_global_edges"](samples, "[MASK]")))
    for before, after in zip(plain, linked, strict=True):
        num_tokens, num_concepts = len(after.arrays["input_ids"]), len(after.arrays["concept_lengths"])
        nodes = range(num_tokens, num_tokens + num_concepts)
        new = {(0, node, WORD_CONCEPT) for node in nodes} | {(node, 0, WORD_CONCEPT) for node in nodes}
        edges, old = (set(map(tuple, one.arrays["edges"].T.tolist())) for one in (after, before))
        assert edges == old | new
        assert after.arrays["hops_to_first_token"].tolist() == [1] * num_concepts


@pytest.mark.parametrize("length", [1, 5, 40])
def test_hops_are_those_of_a_walk_and_what_nothing_reads_is_out_of_reach(encoder: str, length: int) -> None:
    """A word reads the first concept of a chain, each concept the next; the last ones read each other alone."""
    sample = random_sample(0, num_concepts=length + 2, num_edges=0, num_links=0)
    first = len(sample.words)
    chain = [(0, first, WORD_CONCEPT), *((first + n, first + n + 1, 5) for n in range(length - 1))]
    apart = [(first + length, first + length + 1, 5), (first + length + 1, first + length, 5)]
    sample = replace(sample, edges=np.array([*chain, *apart], np.int32).T)
    (encoded,) = HybridPreprocessor(load_tokenizer(encoder)).encode([sample])
    assert encoded.arrays["hops_to_first_token"].tolist() == [*range(2, length + 2), UNREACHABLE, UNREACHABLE]
