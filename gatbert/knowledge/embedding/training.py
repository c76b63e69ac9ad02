"""Knowledge-graph embeddings: a vector for each concept of a graph, trained to tell its facts from others."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from gatbert.errors import UserError
from gatbert.errors.libraries import (
    CONCEPT_EMBEDDING,
    IMAGINARY_CONCEPT_EMBEDDING,
    IMAGINARY_RELATION_EMBEDDING,
    RELATION_EMBEDDING,
)
from gatbert.files.paths import atomic_folder, new_folder
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import write_vectors
from gatbert.knowledge.embedding.settings import EmbeddingSettings, KgeModelName
from gatbert.samples.relations import FIRST_RELATION

META = "embedding.json"

SCORES_AT_ONCE = 1 << 25
"""Scores of a block of queries against all concepts that are held at once."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Facts:
    """Facts of a graph, each once.

    Attributes:
        heads: Concept ids ``(facts,)``, int64.
        relations: Positions among the forward relations ``(facts,)``, int64.
        tails: Concept ids ``(facts,)``, int64.
    """

    heads: Tensor
    relations: Tensor
    tails: Tensor

    def __len__(self) -> int:
        return len(self.heads)

    def select(self, index: Tensor) -> "Facts":
        """Return some of the facts."""
        return Facts(self.heads[index], self.relations[index], self.tails[index])


class Ranking(NamedTuple):
    """How well the missing end of a fact is found among all concepts, over both ends of all facts.

    Attributes:
        mrr: Mean reciprocal rank, 0 to 1.
        hits_at_1: Share of ranks up to 1.
        hits_at_3: Share of ranks up to 3.
        hits_at_10: Share of ranks up to 10.
        mean_rank: Mean rank, 1 or more.
    """

    mrr: float
    hits_at_1: float
    hits_at_3: float
    hits_at_10: float
    mean_rank: float


def embed_graph(
    graph: KnowledgeGraph,
    output: str | Path,
    settings: EmbeddingSettings,
    device: str | None = None,
    report: Callable[[int, float, Ranking], None] = lambda epoch, loss, ranking: None,
) -> Ranking:
    """Train an embedding and write what ``concept_embeddings: kge`` reads.

    Sources: TransE (https://proceedings.neurips.cc/paper/2013/hash/1cecc7a77928ca8133fa24680a88d2f9-Abstract.html),
    DistMult (https://arxiv.org/abs/1412.6575), ComplEx (https://arxiv.org/abs/1606.06357), RotatE
    (https://arxiv.org/abs/1902.10197), all as in torch_geometric. TransE takes the Euclidean distance.

    Args:
        graph: The graph.
        output: Folder to write; it must not exist.
        settings: How.
        device: Device of torch; ``None`` for a GPU, if there is one.
        report: Told the epoch, its mean loss and the validation ranking.

    Returns:
        The ranking of the test facts by the epoch with the best validation MRR.

    Raises:
        UserError: If ``output`` exists, there is no such device, or the graph has too few facts to hold some out.
    """
    folder = new_folder(output)
    torch.manual_seed(settings.seed)
    facts = graph_facts(graph)
    train, val, test = _split(facts, settings)
    scorer = Scorer(settings.model, len(graph), len(graph.relation_vocabulary.names), settings.size)
    scorer.to(_device(device))
    known = KnownFacts(facts, len(graph))
    best = _fit(scorer, train, val, known, settings, report)
    ranking = rank(scorer, test, known)
    meta = {
        **asdict(settings),
        "graph_checksum": graph.checksum,
        "validation": best._asdict(),
        "test": ranking._asdict(),
    }
    _write(folder, graph, scorer.concepts(), meta)
    return ranking


def graph_facts(graph: KnowledgeGraph) -> Facts:
    """Return the facts of a graph, without the reverses of its directed relations."""
    around = graph.neighbours(np.arange(len(graph)))
    relations = around.relations.astype(np.int64)
    forward = relations < FIRST_RELATION + len(graph.relation_vocabulary.names)
    # A symmetric relation is its own reverse: its facts stand at both ends.
    twice = graph.relation_vocabulary.reverse_ids()[relations] == relations
    kept = forward & (~twice | (around.source <= around.neighbours))
    columns = around.source[kept], relations[kept] - FIRST_RELATION, around.neighbours[kept].astype(np.int64)
    return Facts(*map(torch.from_numpy, columns))


class Scorer(nn.Module):
    """Score facts by a model of torch_geometric, and one known end of a fact against all concepts at once.

    Args:
        name: Knowledge-graph embedding.
        num_concepts: Number of concepts.
        num_relations: Number of relations.
        size: Size of a concept's vector.
    """

    def __init__(self, name: KgeModelName, num_concepts: int, num_relations: int, size: int) -> None:
        super().__init__()
        from torch_geometric.nn import kge

        self.is_complex, self.is_distance = name in ("ComplEx", "RotatE"), name in ("TransE", "RotatE")
        options = {"p_norm": 2.0} if name == "TransE" else {}
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


class KnownFacts:
    """Look up which concepts make a fact together with one end and a relation.

    Args:
        facts: All facts.
        num_concepts: Number of concepts.
    """

    def __init__(self, facts: Facts, num_concepts: int) -> None:
        self.num_concepts = num_concepts
        heads, relations, tails = (column.numpy() for column in (facts.heads, facts.relations, facts.tails))
        self._tails = _Index(self._keys(heads, relations), tails)
        self._heads = _Index(self._keys(tails, relations), heads)

    def answers(self, known: Ints, relations: Ints, find_tails: bool) -> tuple[Ints, Ints]:
        """Return the position of a query, and a concept that answers it, for all answers ``(answers,)``."""
        return (self._tails if find_tails else self._heads).of(self._keys(known, relations))

    def _keys(self, ends: Ints, relations: Ints) -> Ints:
        return relations * self.num_concepts + ends


class _Index:
    def __init__(self, keys: Ints, values: Ints) -> None:
        order = np.argsort(keys, kind="stable")
        self.keys, self.values = keys[order], values[order]

    def of(self, keys: Ints) -> tuple[Ints, Ints]:
        starts, ends = np.searchsorted(self.keys, keys, "left"), np.searchsorted(self.keys, keys, "right")
        counts = ends - starts
        where = np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)
        return np.repeat(np.arange(len(keys)), counts), self.values[where]


def rank(scorer: Scorer, facts: Facts, known: KnownFacts) -> Ranking:
    """Rank the true end of each fact among all concepts that do not make another fact, for both ends.

    Among equal scores the rank is the mean of the best and the worst, as in Ruffinelli et al. 2020, You CAN Teach an
    Old Dog New Tricks! (https://openreview.net/forum?id=BkxSmlBFvr).

    Args:
        scorer: Trained scorer.
        facts: Facts that were held out; at least one.
        known: All facts, these included: the filter of Bordes et al. 2013.
    """
    ranks = torch.cat([_ranks(scorer, facts, known, find_tails) for find_tails in (True, False)])
    hits = [float((ranks <= at).double().mean()) for at in (1, 3, 10)]
    return Ranking(float((1 / ranks).mean()), hits[0], hits[1], hits[2], float(ranks.mean()))


def _ranks(scorer: Scorer, facts: Facts, known: KnownFacts, find_tails: bool) -> Tensor:
    """Return the rank of the tail or the head of each fact ``(facts,)``, float64."""
    concepts = scorer.concepts()
    ends, answers = (facts.heads, facts.tails) if find_tails else (facts.tails, facts.heads)
    ranks = []
    for block in torch.split(torch.arange(len(ends)), max(1, SCORES_AT_ONCE // len(concepts))):
        known_ends, relations, answer = ends[block], facts.relations[block], answers[block]
        scores = scorer.scores(concepts, known_ends.to(concepts.device), relations.to(concepts.device), find_tails)
        own = scores.gather(1, answer.to(scores.device).unsqueeze(-1))
        others = known.answers(known_ends.numpy(), relations.numpy(), find_tails)
        scores[tuple(torch.from_numpy(index).to(scores.device) for index in others)] = -torch.inf
        ranks.append(1 + (scores > own).sum(-1).double().cpu() + (scores == own).sum(-1).double().cpu() / 2)
    return torch.cat(ranks)


def _fit(
    scorer: Scorer,
    train: Facts,
    val: Facts,
    known: KnownFacts,
    settings: EmbeddingSettings,
    report: Callable[[int, float, Ranking], None],
) -> Ranking:
    """Train until the validation MRR stops rising, and leave the scorer as it was at its best."""
    optimizer = torch.optim.SparseAdam(list(scorer.parameters()), settings.learning_rate)
    best, weights, best_epoch = None, {}, 0
    for epoch in range(1, settings.epochs + 1):
        losses = [_step(scorer, optimizer, batch) for batch in _batches(train, settings.batch_size)]
        ranking = rank(scorer, val, known)
        report(epoch, sum(losses) / len(losses), ranking)
        if best is None or ranking.mrr > best.mrr:
            best, best_epoch = ranking, epoch
            weights = {name: value.clone() for name, value in scorer.state_dict().items()}
        elif epoch - best_epoch >= settings.patience:
            break
    scorer.load_state_dict(weights)
    if best is None:
        raise ValueError("there was no epoch")
    return best


def _batches(facts: Facts, size: int) -> Iterator[Facts]:
    yield from map(facts.select, torch.split(torch.randperm(len(facts)), size))


def _step(scorer: Scorer, optimizer: torch.optim.Optimizer, facts: Facts) -> float:
    device = next(scorer.parameters()).device
    loss: Tensor = scorer.model.loss(*(column.to(device) for column in (facts.heads, facts.relations, facts.tails)))
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def _device(name: str | None) -> torch.device:
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.zeros(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise UserError(f"device {name!r} cannot be used; give cpu, or cuda on a machine with a GPU") from error


def _split(facts: Facts, settings: EmbeddingSettings) -> tuple[Facts, Facts, Facts]:
    """Return the facts for training, validation and test."""
    total = len(facts)
    held_out = min(settings.num_held_out, total // 20)
    if not held_out:
        raise UserError(f"the graph has {total} facts, too few to hold some out; accepted is 20 or more")
    val, test, train = torch.split(torch.randperm(total), [held_out, held_out, total - 2 * held_out])
    return facts.select(train), facts.select(val), facts.select(test)


def _write(folder: Path, graph: KnowledgeGraph, vectors: Tensor, meta: dict[str, Any]) -> None:
    """Write a vector for each phrase: that of the first language, where several languages share it."""
    languages = [graph.key(concept).split("/")[0] for concept in range(len(graph))]
    order = sorted(range(len(graph)), key=lambda concept: languages[concept] != graph.languages[0])
    with atomic_folder(folder) as aside:
        write_vectors(aside, [graph.label(concept) for concept in order], vectors.cpu().numpy()[order])
        (aside / META).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
