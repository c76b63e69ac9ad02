"""Training with the graph behind gates, against training on the same texts without a graph."""

from statistics import median

import torch

from benchmarks.measure import Result, median_ratio
from benchmarks.models import ENCODER, step_of
from benchmarks.real_posts import Tagged, tagged_posts
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, quiet_transformers
from gatbert.samples.stances import STANCES
from gatbert.stance_classifier import HybridClassifier, TextClassifier
from gatbert.stance_classifier.hybrid import HybridPooling

BATCH_SIZE, MAX_LENGTH, NUM_ROUNDS = 32, 256, 5
POOLINGS: tuple[HybridPooling, ...] = ("first", "mean")


def run() -> list[Result]:
    """Measure an epoch over tagged posts of each corpus, if the environment variable GATBERT_DATA names them."""
    quiet_transformers()
    return [_measure(tagged, pooling) for tagged in tagged_posts() for pooling in POOLINGS]


def _measure(tagged: Tagged, pooling: HybridPooling) -> Result:
    """Time Hybrid and Text over the same batches in turn."""
    tokenizer = load_tokenizer(ENCODER)
    order = torch.split(torch.randperm(len(tagged.samples), generator=torch.Generator().manual_seed(0)), BATCH_SIZE)
    hybrid = HybridClassifier(load_encoder(ENCODER), len(STANCES), tagged.relations, pooling, graph_gate="zero")
    text = TextClassifier(load_encoder(ENCODER), len(STANCES), "first" if pooling == "first" else "mean")
    steps = []
    for model, preprocessor in (
        (hybrid, HybridClassifier.preprocessor(tokenizer, MAX_LENGTH, pooling=pooling)),
        (text, TextClassifier.preprocessor(tokenizer, MAX_LENGTH)),
    ):
        encoded = preprocessor.encode(tagged.samples)
        batches = [preprocessor.collate([encoded[index] for index in part]) for part in order]
        steps.append(step_of(model.train(), batches))
    ours, theirs = zip(*([step() for step in steps] for _ in range(NUM_ROUNDS + 1)), strict=True)
    detail = f"Hybrid {median(ours[1:]):.2f} s, Text {median(theirs[1:]):.2f} s for {len(tagged.samples)} posts"
    return Result(f"hybrid_gate_{tagged.name}_{pooling}", median_ratio(ours[1:], theirs[1:]), 1.25, detail)
