"""Scores of facts, by the knowledge-graph embeddings of torch_geometric."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from gatbert.errors.libraries import (
    CONCEPT_EMBEDDING,
    IMAGINARY_CONCEPT_EMBEDDING,
    IMAGINARY_RELATION_EMBEDDING,
    RELATION_EMBEDDING,
)
from gatbert.knowledge.embedding.settings import KgeModelName


class Scorer(nn.Module):
    """Score facts by a model of torch_geometric, and one known end of a fact against all concepts at once.

    TransE (Bordes et al. 2013,
    https://proceedings.neurips.cc/paper/2013/hash/1cecc7a77928ca8133fa24680a88d2f9-Abstract.html), by the Euclidean
    distance; DistMult (Yang et al. 2015, https://arxiv.org/abs/1412.6575); ComplEx (Trouillon et al. 2016,
    https://arxiv.org/abs/1606.06357); RotatE (Sun et al. 2019, https://arxiv.org/abs/1902.10197).

    Args:
        name: Knowledge-graph embedding.
        num_concepts: Number of concepts.
        num_relations: Number of relations.
        size: Size of a concept's vector.
    """

    def __init__(self, name: KgeModelName, num_concepts: int, num_relations: int, size: int) -> None:
        super().__init__()
        # Here, as it takes a second to import.
        from torch_geometric.nn import kge

        self.is_complex, self.is_distance = name in ("ComplEx", "RotatE"), name in ("TransE", "RotatE")
        options = {"p_norm": 2.0} if name == "TransE" else {}
        # The models count the numbers of a complex vector once, and hold them twice.
        hidden = size // 2 if self.is_complex else size
        self.model = getattr(kge, name)(num_concepts, num_relations, hidden, sparse=True, **options)

    @torch.no_grad()
    def concepts(self) -> Tensor:
        """Return the vectors of all concepts ``(concepts, size)``."""
        real: Tensor = CONCEPT_EMBEDDING.read_from(self.model).weight.detach()
        if self.is_complex:
            return torch.cat([real, IMAGINARY_CONCEPT_EMBEDDING.read_from(self.model).weight], dim=-1)
        return functional.normalize(real, dim=-1) if self.is_distance else real

    @torch.no_grad()
    def scores(self, concepts: Tensor, known: Tensor, relations: Tensor, find_tails: bool) -> Tensor:
        """Return the score of every concept as the other end of facts ``(facts, concepts)``.

        For one end of a fact, each of the four models is a nearest-neighbour search: by dot product or by distance to
        the known end, translated, scaled or rotated by the relation. Scores differ from those of the model by a
        constant at most.

        Args:
            concepts: What ``concepts`` returns.
            known: Known ends ``(facts,)``.
            relations: Relations ``(facts,)``.
            find_tails: Whether the known ends are heads.
        """
        ends, relation = concepts[known], RELATION_EMBEDDING.read_from(self.model)(relations)
        if self.is_complex:
            turn = (
                torch.polar(torch.ones_like(relation), relation)
                if self.is_distance
                else torch.complex(relation, IMAGINARY_RELATION_EMBEDDING.read_from(self.model)(relations))
            )
            product = torch.complex(*ends.chunk(2, dim=-1)) * (turn if find_tails else turn.conj())
            query = torch.cat([product.real, product.imag], dim=-1)
        elif self.is_distance:
            query = ends + relation if find_tails else ends - relation
        else:
            query = ends * relation
        return -torch.cdist(query, concepts) if self.is_distance else query @ concepts.T
