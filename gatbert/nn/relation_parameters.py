"""New parameters of relations, on the scale of a pretrained encoder."""

import torch
from torch import nn

from gatbert.samples.relations import TOKEN_TOKEN

NUM_BASES = 4
"""Matrices of which those of all relations are composed, unless told otherwise; the cost of a pair grows with it."""

KEY_STD, VALUE_STD, COEFFICIENT_STD = 1.0, 0.5, 0.5
"""Standard deviations of new relation parameters: of the order of a pretrained encoder's keys and values.

With that of BERT's weights, 0.02, a relation changes the state of the first token 50 times less, which drowns in the
noise of training.
"""


def new_bases(head_size: int, number: int = NUM_BASES) -> nn.Parameter:
    """Return the identity, and random matrices that keep the length of a vector on average.

    Every relation starts with the identity: a pair is compared as two tokens would be, more or less. Of random matrices
    alone, a word hardly sees its concept, as pretrained queries and keys no longer meet.

    Returns:
        ``(bases, head_size, head_size)``.
    """
    bases = torch.randn(number, head_size, head_size) / head_size**0.5
    bases[0] = torch.eye(head_size)
    return nn.Parameter(bases)


def relation_vectors(std: float, *shape: int) -> nn.Parameter:
    """Return a random vector of each relation ``(relations, ...)``; that between tokens starts as if it were not."""
    vectors = std * torch.randn(*shape)
    vectors[TOKEN_TOKEN] = 0
    return nn.Parameter(vectors)
