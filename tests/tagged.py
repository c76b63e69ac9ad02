"""A tagged post, for tests of what tagging makes and what is made of it."""

from dataclasses import replace

from gatbert.corpora.graph_corpus import (
    Tagged,
)
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import Sample
from gatbert.tagging.tagger import Tagger

SAMPLE = Sample("p1", "reactors leave waste, says a zebra", "nuclear power", "against", {"style": "plain"})


TRIPLES = [
    ("nuclear power", "HasA", "reactor", 2.0),
    ("nuclear power", "Causes", "radiation", 1.0),
    ("waste", "Causes", "radiation", 1.0),
    ("reactor", "RelatedTo", "waste", 1.0),
    ("zebra", "IsA", "animal", 1.0),
]


def tagged_samples(graph: KnowledgeGraph, count: int = 3) -> list[Tagged]:
    tagger = Tagger(graph)
    return [tagger.tag(replace(SAMPLE, id=f"p{i}", stance=("against", None)[i % 2])) for i in range(count)]
