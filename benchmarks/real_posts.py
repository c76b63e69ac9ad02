"""Real posts, tagged with a real graph: those that the environment variable GATBERT_DATA names."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gatbert.corpora import CorpusType, read_corpus
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.samples import GraphSample, Relations
from gatbert.tagging.tagger import Tagger

NUM_SAMPLES = 128
CORPORA: dict[CorpusType, str] = {
    "semeval": "semeval2016/trainingdata-all-annotations.txt",
    "vast": "vast/vast_train.csv",
}


class Tagged(NamedTuple):
    """Name a corpus, with every eighth of its first posts, tagged, and the relations of their graphs."""

    name: str
    samples: list[GraphSample]
    relations: Relations


def tagged_posts() -> Iterator[Tagged]:
    """Yield posts of each corpus; none, which is said, where there are no data."""
    data = os.environ.get("GATBERT_DATA")
    if not data:
        print("GATBERT_DATA is not set: nothing is measured on real texts", file=sys.stderr)
        return
    folder = Path(tempfile.mkdtemp(prefix="gatbert-benchmark-"))
    try:
        triples = Triples(str(Path(data) / "conceptnet/cn100k/train.txt"))
        sources = Sources(wordnet=[str(Path(data) / "wordnet/dict")], triples=[triples])
        graph = KnowledgeGraph(build_graph(folder / "graph", sources))
        tagger = Tagger(graph)
        for corpus_type, file in CORPORA.items():
            posts = islice(read_corpus(Path(data) / file, corpus_type), 0, 8 * NUM_SAMPLES, 8)
            yield Tagged(corpus_type, [tagger.tag(post).sample for post in posts], graph.relations)
    finally:
        shutil.rmtree(folder)
