"""What stands for a node before the first layer."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from gatbert.batches.packed import GraphBatch


class NodeEmbeddings(nn.Module):
    """Embed tokens by their word embedding, and concepts by the mean of those of their subwords, or by vectors.

    Args:
        embedding_size: Size of the encoder's word embeddings.
        vector_size: Size of the vectors of concepts; ``None`` to embed concepts by their subwords.
    """

    def __init__(self, embedding_size: int, vector_size: int | None = None) -> None:
        super().__init__()
        self.projection = None if vector_size is None else nn.Linear(vector_size, embedding_size)

    @torch.no_grad()
    def start_like_words(self, words: nn.Embedding) -> None:
        """Let vectors of length 1 start as embeddings of the mean length of words, turned as little as can be.

        Of equal sizes, they keep their axes: the layers of an encoder add to its embeddings, so that its last states
        share theirs. Of unequal sizes, the start is an orthogonal map at random, which keeps lengths and angles.

        Args:
            words: Word embeddings of the encoder.
        """
        if self.projection is None:
            return
        weight = self.projection.weight
        nn.init.orthogonal_(weight) if weight.shape[0] != weight.shape[1] else nn.init.eye_(weight)
        weight.mul_(words.weight.norm(dim=-1).mean())
        nn.init.zeros_(self.projection.bias)

    def forward(self, batch: GraphBatch, words: nn.Embedding) -> Tensor:
        """Return the embedding of each row ``(rows, embedding_size)``.

        Args:
            batch: The graph; concepts without a vector are embedded by their subwords.
            words: Word embeddings of the encoder.
        """
        # (rows, embedding_size): the mean over the subwords of each row; a token is the only one of its own
        embedded = functional.embedding_bag(
            batch.subword_ids, words.weight, batch.subword_offsets, mode="mean", include_last_offset=True
        )
        if self.projection is None:
            return embedded
        if batch.concept_vectors is None or batch.has_vector is None:
            raise ValueError("the batch has no concept vectors; its preprocessor must be given the file")
        # (token rows, embedding_size) and (concept rows, embedding_size)
        tokens, concepts = torch.split(embedded, [batch.num_token_rows, len(batch.has_vector)])
        projected = self.projection(batch.concept_vectors).to(concepts.dtype)
        return torch.cat([tokens, torch.where(batch.has_vector.unsqueeze(-1), projected, concepts)])
