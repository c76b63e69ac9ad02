"""Encoding: milliseconds a sample, from words and edges to index arrays."""

import time

import numpy as np

from benchmarks.measure import Result
from benchmarks.models import EDGES_PER_CONCEPT, NUM_CONCEPTS, NUM_TOKENS, preprocessor, random_graph_sample

NUM_SAMPLES = 2_000
MOST_MILLISECONDS = 0.7


def run() -> list[Result]:
    """Encode large samples: as many tokens, concepts and edges as in hybrid_step."""
    random = np.random.default_rng(0)
    samples = [random_graph_sample(random) for _ in range(NUM_SAMPLES)]
    seconds = []
    for _ in range(7):
        fresh = preprocessor()
        start = time.perf_counter()
        fresh.encode(samples)
        seconds.append(time.perf_counter() - start)
    each = 1000 * min(seconds) / NUM_SAMPLES
    detail = f"{each:.2f} ms for {NUM_TOKENS} tokens, {NUM_CONCEPTS} concepts, {EDGES_PER_CONCEPT} edges a concept"
    return [Result("encode", each / MOST_MILLISECONDS, 1.0, detail)]
