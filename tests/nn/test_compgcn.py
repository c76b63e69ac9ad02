"""CompGCN against its formula."""

from typing import Any

import numpy as np
import torch

from gatbert.batches.packed import pack_graphs
from gatbert.nn.compgcn import CompGCN, compose
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import RELATIONS, random_samples

SIZE = 6


def test_composition_is_circular_correlation() -> None:
    one, other = np.random.default_rng(0).normal(size=(2, SIZE))
    expected = [sum(one[k] * other[(k + i) % SIZE] for k in range(SIZE)) for i in range(SIZE)]
    found = compose(torch.tensor(one[None]).float(), torch.tensor(other[None]).float())
    np.testing.assert_allclose(found[0].numpy(), expected, rtol=1e-5, atol=1e-6)


def test_compgcn_equals_its_formula(encoder: str) -> None:
    torch.manual_seed(0)
    batch = pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(random_samples()), with_tokens=False)
    model: Any = CompGCN(RELATIONS, SIZE, num_layers=2, dropout=0.0).eval()
    states = torch.randn(len(batch.sample_of_row), SIZE)
    targets, sources = batch.node_pairs[:, batch.edge_node_pair].tolist()
    relations = batch.edge_relation.tolist()
    edges = list(zip(targets, sources, relations, strict=True))
    is_reverse = RELATIONS.is_reverse().tolist()

    def degree(node: int, end: int, reverse: bool) -> int:
        return sum(edge[end] == node and is_reverse[edge[2]] == reverse for edge in edges)

    h, z = states, model.relation_states
    for number, (layer, norm) in enumerate(zip(model.layers, model.norms, strict=True)):
        if number:
            z = z @ model.relation_maps[number - 1].weight.T
        rows = []
        for v in range(len(h)):
            total = layer.self_map.weight @ compose(h[v][None], layer.self_relation)[0]
            for target, u, r in edges:
                if target == v:
                    reverse = is_reverse[r]
                    weight = (degree(v, 0, reverse) * degree(u, 1, reverse)) ** -0.5
                    matrix = layer.directions[int(reverse)].weight
                    total = total + weight * matrix @ compose(h[u][None], z[r][None])[0]
            rows.append(torch.tanh(norm(total / 3 + layer.bias)))
        h = torch.stack(rows)
    torch.testing.assert_close(model(states, batch), h, rtol=1e-5, atol=1e-5)
