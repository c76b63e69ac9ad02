"""Packed batches: rows by hops, edges by head, nothing lost but what nobody reads."""

from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.batches.rows import UNREACHABLE, FirstRows, ReadRows
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.pretrained.text_reader import open_reader
from gatbert.samples import GraphSample
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import random_sample

SAMPLES = st.lists(
    st.builds(
        random_sample,
        seed=st.integers(0, 999),
        num_words=st.integers(2, 9),
        num_concepts=st.integers(0, 7),
        num_edges=st.integers(0, 15),
        num_links=st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)


def steps_to(batch: GraphBatch, read: ReadRows = "first") -> list[int]:
    """Return in how many steps of attention each row reaches what is read of its sample, by walking."""
    num_rows = {"first": len(batch), "tokens": batch.num_token_rows, "all": len(batch.sample_of_row)}[read]
    first = set(range(num_rows)) if num_rows > len(batch) else set(batch.token_index[:, 0].tolist())
    reads: dict[int, set[int]] = {row: set() for row in range(len(batch.sample_of_row))}
    for head, tail in batch.node_pairs.T.tolist():
        reads[head].add(tail)
    for row in range(batch.num_token_rows):
        same = batch.sample_of_row[: batch.num_token_rows] == batch.sample_of_row[row]
        reads[row] |= set(torch.nonzero(same).flatten().tolist())
    steps, frontier = dict.fromkeys(first, 0), first
    while frontier:
        frontier = {tail for row in frontier for tail in reads[row]} - steps.keys()
        steps |= dict.fromkeys(frontier, max(steps.values()) + 1)
    return [steps[row] for row in range(len(batch.sample_of_row))]


@settings(deadline=None, max_examples=60)
@given(SAMPLES, st.sampled_from(get_args(ReadRows)))
def test_rows_are_counted_by_hops(encoder: str, samples: list[GraphSample], read: ReadRows) -> None:
    batch = pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(samples), with_tokens=True, read=read)
    steps = steps_to(batch, read)  # which fails if a row is there that nobody can read
    assert batch.hops_of_tokens == (read == "first")
    assert steps == sorted(steps)
    for hops, within in enumerate(batch.rows_by_hops):
        rows = sum(step <= hops for step in steps)
        heads = batch.node_pairs[0].tolist()
        edges = batch.node_pairs[0, batch.edge_node_pair].tolist()
        assert within == FirstRows(rows, sum(head < rows for head in heads), sum(head < rows for head in edges))
    assert batch.rows_by_hops[-1] == FirstRows(
        len(batch.sample_of_row), batch.node_pairs.shape[1], len(batch.edge_relation)
    )
    assert batch.rows_within(99) == batch.rows_by_hops[-1]


@settings(deadline=None, max_examples=40)
@given(SAMPLES, st.booleans())
def test_every_edge_that_can_be_read_is_there_once(encoder: str, samples: list[GraphSample], with_tokens: bool) -> None:
    preprocessor = HybridPreprocessor(load_tokenizer(encoder))
    encoded = preprocessor.encode(samples)
    batch = pack_graphs(encoded, with_tokens)
    found: list[list[tuple[tuple[int, ...], tuple[int, ...], int]]] = [[] for _ in encoded]
    pieces = [
        tuple(batch.subword_ids[start:end].tolist())
        for start, end in zip(batch.subword_offsets[:-1], batch.subword_offsets[1:], strict=True)
    ]
    heads, tails = batch.node_pairs[:, batch.edge_node_pair]
    assert (batch.sample_of_row[heads] == batch.sample_of_row[tails]).all()
    for head, tail, relation in zip(heads.tolist(), tails.tolist(), batch.edge_relation.tolist(), strict=True):
        found[int(batch.sample_of_row[head])].append((pieces[head], pieces[tail], relation))
    for one, edges in zip(encoded, found, strict=True):
        assert sorted(edges) == sorted(expected_edges(one.arrays, with_tokens))


def expected_edges(
    arrays: Mapping[str, npt.NDArray[Any]], with_tokens: bool
) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
    tokens = [(piece,) for piece in arrays["input_ids"].tolist()]
    ends = np.cumsum(arrays["concept_lengths"])
    concepts = [
        tuple(arrays["concept_tokens"][end - length : end].tolist())
        for end, length in zip(ends, arrays["concept_lengths"], strict=True)
    ]
    nodes = [*tokens, *concepts]
    unread = {len(tokens) + i for i, hops in enumerate(arrays["hops_to_first_token"]) if hops == UNREACHABLE}
    dropped = unread if with_tokens else set(range(len(tokens)))
    return [
        (nodes[head], nodes[tail], relation)
        for head, tail, relation in arrays["edges"].T.tolist()
        if not {head, tail} & dropped
    ]


def test_samples_that_were_encoded_apart_keep_their_own_readings(encoder: str) -> None:
    preprocessor = HybridPreprocessor(load_tokenizer(encoder), reader=partial(open_reader, encoder))
    samples = [random_sample(0, num_links=6), random_sample(1, num_links=6)]
    together = preprocessor.collate(preprocessor.encode(samples))
    apart = preprocessor.collate([one for sample in samples for one in preprocessor.encode([sample])])
    assert together.concept_vectors is not None
    assert apart.concept_vectors is not None
    assert len(together.concept_vectors) > 5
    torch.testing.assert_close(apart.concept_vectors, together.concept_vectors, atol=1e-6, rtol=0)
    assert together.has_vector is not None
    assert together.has_vector.all()
