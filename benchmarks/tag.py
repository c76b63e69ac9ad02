"""Tagging with a graph of a million edges: samples a second on one core, and how the time grows with them."""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import Result
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.samples import Sample
from gatbert.tagging.tagger import Tagger

NUM_CONCEPTS, NUM_EDGES = 200_000, 1_000_000
NUM_SAMPLES, NUM_WORDS, NUM_TARGETS = 4_000, 25, 200
LEAST_A_SECOND = 1_500
RELATIONS = ("RelatedTo", "IsA", "UsedFor", "Causes", "AtLocation")


def run() -> list[Result]:
    """Tag short posts whose words, and a graph whose concepts, are as unequally frequent as those of a language."""
    random = np.random.default_rng(0)
    folder = Path(tempfile.mkdtemp(prefix="gatbert-benchmark-"))
    try:
        graph = _graph(folder, random)
        samples = _samples(random)
        Tagger(graph).tag(samples[0])
        seconds = {}
        for count in (NUM_SAMPLES, NUM_SAMPLES // 2):
            tagger = Tagger(graph)
            start = time.perf_counter()
            num_concepts = sum(len(tagger.tag(sample).sample.concepts) for sample in samples[:count])
            seconds[count] = time.perf_counter() - start
            if count == NUM_SAMPLES:
                detail = f"{graph.num_edges:,} edges, {NUM_WORDS} words, {num_concepts / count:.1f} concepts a sample"
    finally:
        shutil.rmtree(folder)
    speed = NUM_SAMPLES / seconds[NUM_SAMPLES]
    growth = seconds[NUM_SAMPLES] / seconds[NUM_SAMPLES // 2]
    return [
        Result("tag", speed / LEAST_A_SECOND, 1.0, f"{speed:,.0f} samples a second; {detail}", at_least=True),
        Result("tag_growth", growth, 2.2, f"time for {NUM_SAMPLES:,} samples over that for half of them"),
    ]


def _graph(folder: Path, random: np.random.Generator) -> KnowledgeGraph:
    heads, tails = np.floor(NUM_CONCEPTS * random.random((2, NUM_EDGES + NUM_EDGES // 20)) ** 2).astype(int)
    relations = random.integers(len(RELATIONS), size=len(heads))
    path = folder / "triples.tsv"
    with path.open("w") as file:
        for relation, head, tail in zip(relations, heads, tails, strict=True):
            file.write(f"{RELATIONS[relation]}\t{_word(head)}\t{_word(tail)}\n")
    return KnowledgeGraph(build_graph(folder / "graph", Sources(triples=[Triples(str(path))])))


def _samples(random: np.random.Generator) -> list[Sample]:
    targets = [_word(number) for number in random.integers(2_000, size=NUM_TARGETS)]
    samples = []
    for index in range(NUM_SAMPLES):
        words = np.floor(1.1 * NUM_CONCEPTS * random.random(NUM_WORDS) ** 4).astype(int)
        text = " ".join(_word(word) if word % 3 else "and the" for word in words)
        samples.append(Sample(str(index), text, targets[index % NUM_TARGETS]))
    return samples


def _word(number: int) -> str:
    """Return a word of letters for a number."""
    letters = []
    while True:
        number, letter = divmod(int(number), 20)
        letters.append("bcdfghjklmnpqrtvwxyz"[letter] + "aeiou"[number % 5])
        if number == 0:
            return "".join(letters) + "x"
