"""What stands for a node: the mean of its subwords, or its vector where it has one."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import nn

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.pretrained.encoders import load_encoder, load_tokenizer
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import random_samples


@pytest.fixture(scope="module")
def batch(encoder: str) -> GraphBatch:
    """A batch of tokens and concepts, without vectors."""
    return pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(random_samples()), with_tokens=True)


@pytest.fixture(scope="module")
def words(encoder: str) -> nn.Embedding:
    """Word embeddings of an encoder."""
    embedding = load_encoder(encoder).get_input_embeddings()
    assert isinstance(embedding, nn.Embedding)
    return embedding


def test_a_node_is_the_mean_of_its_subwords(batch: GraphBatch, words: nn.Embedding) -> None:
    found = NodeEmbeddings(words.embedding_dim)(batch, words)
    ends = batch.subword_offsets.tolist()
    expected = [words.weight[batch.subword_ids[start:end]].mean(0) for start, end in pairwise(ends)]
    torch.testing.assert_close(found, torch.stack(expected))


def test_vectors_stand_for_concepts_that_have_one_and_for_no_token(batch: GraphBatch, words: nn.Embedding) -> None:
    torch.manual_seed(0)
    embeddings, plain = NodeEmbeddings(words.embedding_dim, 5), NodeEmbeddings(words.embedding_dim)(batch, words)
    assert embeddings.projection is not None
    num_concepts = len(plain) - batch.num_token_rows
    vectors, has_vector = torch.randn(num_concepts, 5), torch.arange(num_concepts) % 2 == 0
    found = embeddings(replace(batch, concept_vectors=vectors, has_vector=has_vector), words)
    concepts = torch.where(has_vector[:, None], embeddings.projection(vectors), plain[batch.num_token_rows :])
    torch.testing.assert_close(found, torch.cat([plain[: batch.num_token_rows], concepts]))
    with pytest.raises(ValueError, match="the batch has no concept vectors"):
        embeddings(batch, words)
