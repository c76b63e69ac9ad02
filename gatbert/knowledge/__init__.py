"""Commonsense knowledge: from public dumps to a graph on disk, and from samples to their subgraphs. Loads no torch."""

from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.samples.relations import Relations

__all__ = ["KnowledgeGraph", "Relations"]
