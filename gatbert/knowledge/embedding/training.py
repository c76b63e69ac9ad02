"""Knowledge-graph embeddings: a vector for each concept of a graph, trained to tell its facts from others."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder, new_folder
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import write_vectors
from gatbert.knowledge.embedding.facts import Facts, KnownFacts, graph_facts, split_facts
from gatbert.knowledge.embedding.ranking import Ranking, rank
from gatbert.knowledge.embedding.scorer import Scorer
from gatbert.knowledge.embedding.settings import EmbeddingSettings

META = "embedding.json"

Report = Callable[[int, float, Ranking], None]
"""Told the epoch, its mean loss and the validation ranking."""


def embed_graph(
    graph: KnowledgeGraph,
    output: str | Path,
    settings: EmbeddingSettings,
    device: str | None = None,
    report: Report = lambda epoch, loss, ranking: None,
) -> Ranking:
    """Train an embedding and write what ``concept_embeddings: kge`` reads.

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
    train, val, test = split_facts(facts, settings.num_held_out)
    scorer = Scorer(settings.model, len(graph), len(graph.relations.names), settings.size)
    scorer.to(_device(device))
    known = KnownFacts(facts, len(graph))
    best = _fit(scorer, train, val, known, settings, report)
    ranking = rank(scorer, test, known)
    said = {"graph_checksum": graph.checksum, "validation": best._asdict(), "test": ranking._asdict()}
    _write(folder, graph, scorer.concepts(), {**asdict(settings), **said})
    return ranking


def _device(name: str | None) -> torch.device:
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.zeros(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise UserError(f"device {name!r} cannot be used; give cpu, or cuda on a machine with a GPU") from error


def _fit(
    scorer: Scorer, train: Facts, val: Facts, known: KnownFacts, settings: EmbeddingSettings, report: Report
) -> Ranking:
    """Train until the validation MRR stops rising, and leave the scorer as it was at its best."""
    # Sparse: a batch changes some thousand rows, of tables with one for each concept.
    optimizer = torch.optim.SparseAdam(list(scorer.parameters()), settings.learning_rate)
    best, weights, best_epoch = None, {}, 0
    for epoch in range(1, settings.epochs + 1):
        losses = [_step(scorer, optimizer, batch) for batch in _batches(train, settings.batch_size)]
        ranking = rank(scorer, val, known)
        report(epoch, sum(losses) / len(losses), ranking)
        if best is None or ranking.mrr > best.mrr:
            best, best_epoch = ranking, epoch
            # The tensors themselves go on being trained.
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
    """Learn from some facts, against as many with a wrong end, which the model draws, and return the loss."""
    device = next(scorer.parameters()).device
    loss: Tensor = scorer.model.loss(*(column.to(device) for column in (facts.heads, facts.relations, facts.tails)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _write(folder: Path, graph: KnowledgeGraph, vectors: Tensor, meta: dict[str, Any]) -> None:
    """Write a vector for each phrase: that of the first language, where several languages share it."""
    languages = [graph.key(concept).split("/")[0] for concept in range(len(graph))]
    # Of several vectors for one phrase, readers take the first.
    order = sorted(range(len(graph)), key=lambda concept: languages[concept] != graph.languages[0])
    with atomic_folder(folder) as aside:
        write_vectors(aside, [graph.label(concept) for concept in order], vectors.cpu().numpy()[order])
        (aside / META).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
