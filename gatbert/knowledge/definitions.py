"""What a concept says, in plain English: its gloss, or the sentence that its strongest edges make."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from gatbert.knowledge.graph import KnowledgeGraph
from gatbert.samples.relations import FIRST_RELATION, Relations

MOST_EDGES = 3
"""Edges that a sentence tells."""

CACHED_CONCEPTS = 1 << 16
"""Concepts whose definitions are remembered, in about 10 MB."""

TEMPLATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Antonym": ("is the opposite of {}", "is the opposite of {}"),
        "AtLocation": ("is found at {}", "is where {} is found"),
        "CapableOf": ("can {}", "is what {} can do"),
        "Causes": ("causes {}", "is caused by {}"),
        "CausesDesire": ("makes one want {}", "is wanted because of {}"),
        "CreatedBy": ("is created by {}", "creates {}"),
        "DefinedAs": ("is defined as {}", "is the definition of {}"),
        "DerivedFrom": ("derives from {}", "is the origin of {}"),
        "Desires": ("wants {}", "is wanted by {}"),
        "DistinctFrom": ("is distinct from {}", "is distinct from {}"),
        "Entails": ("entails {}", "is entailed by {}"),
        "EtymologicallyDerivedFrom": ("derives from the word {}", "is the origin of the word {}"),
        "EtymologicallyRelatedTo": ("is related to the word {}", "is related to the word {}"),
        "FormOf": ("is a form of {}", "has the form {}"),
        "HasA": ("has {}", "belongs to {}"),
        "HasContext": ("is used in the context of {}", "is the context of {}"),
        "HasFirstSubevent": ("begins with {}", "is the beginning of {}"),
        "HasLastSubevent": ("ends with {}", "is the end of {}"),
        "HasPrerequisite": ("requires {}", "is required for {}"),
        "HasProperty": ("is {}", "is a property of {}"),
        "HasSubevent": ("involves {}", "happens during {}"),
        "InstanceOf": ("is an instance of {}", "has the instance {}"),
        "IsA": ("is a kind of {}", "has the kind {}"),
        "LocatedNear": ("is located near {}", "is located near {}"),
        "MadeOf": ("is made of {}", "is what {} is made of"),
        "MannerOf": ("is a way to {}", "can be done as {}"),
        "MotivatedByGoal": ("is done to {}", "is the goal of {}"),
        "NotCapableOf": ("cannot {}", "is what {} cannot do"),
        "NotDesires": ("does not want {}", "is not wanted by {}"),
        "NotHasProperty": ("is not {}", "is no property of {}"),
        "ObstructedBy": ("is obstructed by {}", "obstructs {}"),
        "PartOf": ("is part of {}", "has the part {}"),
        "ReceivesAction": ("can be {}", "can be done to {}"),
        "RelatedTo": ("is related to {}", "is related to {}"),
        "SimilarTo": ("is similar to {}", "is similar to {}"),
        "SymbolOf": ("is a symbol of {}", "has the symbol {}"),
        "Synonym": ("means {}", "means {}"),
        "UsedFor": ("is used for {}", "uses {}"),
    }
)
"""What an edge of each relation of ConceptNet says of its head, and what it says of its tail.

Relations: https://github.com/commonsense/conceptnet5/wiki/Relations; ``Entails`` is WordNet's.
"""

VAGUE = frozenset({"RelatedTo", "EtymologicallyRelatedTo", "EtymologicallyDerivedFrom", "DerivedFrom", "FormOf"})
"""Relations that hardly say what a concept is: they are told where there are no others."""

NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def templates(relations: Relations) -> list[str]:
    """Return what an edge of each relation id says of the concept that it leaves: ``{}`` is the other end."""
    forward = [_both_ways(name) for name in relations.names]
    directed = [both for name, both in zip(relations.names, forward, strict=True) if name not in relations.symmetric]
    return [*[""] * FIRST_RELATION, *(there for there, _ in forward), *(back for _, back in directed)]


class Definitions:
    """Say of each concept what it is: its gloss, or else what its strongest edges say.

    Relations that hardly say anything come last; of equal weight, edges that leave the concept come before those that
    lead to it.

    Args:
        graph: The graph.
        most_edges: Most edges that are told.
    """

    def __init__(self, graph: KnowledgeGraph, most_edges: int = MOST_EDGES) -> None:
        self.graph = graph
        self.most_edges = most_edges
        self._templates = templates(graph.relations)
        self._is_reverse = graph.relations.is_reverse()
        labels = graph.relations.labels()
        self._is_vague = np.array([label.removesuffix("^-1") in VAGUE for label in labels])
        self._of_concept = lru_cache(CACHED_CONCEPTS)(self._find)

    def __call__(self, concept: int) -> str:
        """Return what a concept says, such as ``is a kind of energy; causes meltdown``; nothing if there is nothing."""
        return self._of_concept(concept)

    def _find(self, concept: int) -> str:
        if gloss := self.graph.gloss(concept):
            return gloss
        told: dict[str, None] = {}
        for saying in self._sayings(concept):
            told[saying] = None
            if len(told) == self.most_edges:
                break
        return "; ".join(told)

    def _sayings(self, concept: int) -> Iterator[str]:
        """Yield what each edge of a concept says of it, the strongest first."""
        around = self.graph.neighbours(concept)
        # (edges,): the last key counts first
        keys = around.neighbours, self._is_reverse[around.relation_ids], -around.weights
        order = np.lexsort((*keys, self._is_vague[around.relation_ids]))
        language, _, own = self.graph.key(concept).partition("/")
        for edge in order.tolist():
            other_language, _, other = self.graph.key(int(around.neighbours[edge])).partition("/")
            label = other.partition("/")[0].replace("_", " ")
            if other_language == language and other != own:
                yield self._templates[around.relation_ids[edge]].format(label)


def _both_ways(relation: str) -> tuple[str, str]:
    """Return what a relation says of its head, and of its tail; of one that is not known, ``InventedBy``, its words."""
    if relation in TEMPLATES:
        return TEMPLATES[relation]
    words = " ".join(NAME_PARTS.findall(relation.rpartition("/")[2])).lower() or relation
    plain = words.replace("{", "").replace("}", "")
    return f"{plain} {{}}", f"{{}} {plain} this"
