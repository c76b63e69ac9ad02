"""New parameters of relations: of the scale of what they meet, and neutral between tokens."""

import torch

from gatbert.nn.relation_parameters import new_bases, relation_vectors
from gatbert.samples.relations import TOKEN_TOKEN


def test_a_new_relation_matrix_is_the_identity_and_a_little_more() -> None:
    torch.manual_seed(0)
    bases = new_bases(64)
    torch.testing.assert_close(bases[0], torch.eye(64))
    vector = torch.randn(64)
    for basis in bases[1:]:
        assert 0.7 < (basis @ vector).norm() / vector.norm() < 1.4


def test_relation_vectors_have_their_scale_and_none_between_tokens() -> None:
    torch.manual_seed(0)
    vectors = relation_vectors(0.5, 9, 4, 64)
    assert vectors[TOKEN_TOKEN].abs().max() == 0
    others = torch.cat([vectors[:TOKEN_TOKEN], vectors[TOKEN_TOKEN + 1 :]])
    assert abs(others.std().item() - 0.5) < 0.05
