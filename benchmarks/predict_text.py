"""Predictions from Python: texts a second, against the pipeline of transformers with the same weights."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from benchmarks.measure import Result
from benchmarks.models import DEVICE, ENCODER, WORDS
from gatbert.corpora import read_corpus
from gatbert.files.paths import resolve
from gatbert.predictor import StancePredictor
from gatbert.pretrained.encoders import load_encoder, load_tokenizer, quiet_transformers
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL
from gatbert.stance_classifier import TextClassifier
from gatbert.stance_classifier.options import build_preprocessor, build_started

CORPUS = "semeval2016/trainingdata-all-annotations.txt"
LABELS = {AGAINST: "contradiction", FAVOR: "entailment", NEUTRAL: "neutral"}
STANCES = tuple(LABELS)
MAX_LENGTH = 256
BATCH_SIZES = (1, 8, 16, 32, 64, 128)
ROUNDS = 3
LEAST, MOST_DIFFERENCE = 1.2, 1e-4

Pairs = Sequence[tuple[str, str]]
Floats = npt.NDArray[np.float64]


def run(num_texts: int = 1024) -> list[Result]:
    """Predict real posts with a head of MiniLM's family, which both have, in turn; the pipeline in its best batches."""
    quiet_transformers()
    folder = Path(tempfile.mkdtemp(prefix="gatbert-benchmark-"))
    try:
        _save_model(folder)
        pairs = _posts(num_texts)
        ours, theirs = _ours(folder), _theirs(folder)
    finally:
        shutil.rmtree(folder)
    some = pairs[: num_texts // 4]
    best = min(BATCH_SIZES, key=lambda size: _seconds(lambda: theirs(some, size)))
    difference = float(np.abs(ours(pairs) - theirs(pairs, best)).max())
    turns = [(_seconds(lambda: theirs(pairs, best)), _seconds(lambda: ours(pairs))) for _ in range(ROUNDS)]
    ratio = median(slow / fast for slow, fast in turns)
    fastest = [num_texts / min(column) for column in zip(*turns, strict=True)]
    detail = f"{fastest[1]:,.0f} texts a second, {fastest[0]:,.0f} by the pipeline in batches of {best}"
    return [
        Result("predict_text", ratio, LEAST, detail, at_least=True),
        Result(
            "predict_text_difference", difference / MOST_DIFFERENCE, 1.0, f"largest of probabilities {difference:.1e}"
        ),
    ]


def _save_model(folder: Path) -> None:
    """Write MiniLM with the head of its family, drawn at random, and its tokenizer."""
    torch.manual_seed(0)
    source, names = resolve(ENCODER), dict(enumerate(LABELS.values()))
    model = AutoModelForSequenceClassification.from_pretrained(
        str(source), id2label=names, label2id={name: index for index, name in names.items()}
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(source)).save_pretrained(folder)


def _posts(number: int) -> Pairs:
    """Return target and text of real posts; where there are no data, of words of as many lengths."""
    if data := os.environ.get("GATBERT_DATA"):
        samples = islice(read_corpus(Path(data) / CORPUS, "semeval"), number)
        return [(sample.target, sample.text) for sample in samples]
    random = np.random.default_rng(0)
    return [("solar power", " ".join(random.choice(WORDS, random.integers(5, 40)))) for _ in range(number)]


def _ours(folder: Path) -> Callable[[Pairs], Floats]:
    """Return what predicts with gatbert: the probabilities of each pair ``(pairs, stances)``."""
    source, options = str(folder), {"pooling": "nli"}
    classifier = build_started(TextClassifier, load_encoder(source), source, STANCES, None, options)
    preprocessor = build_preprocessor(TextClassifier, load_tokenizer(source), MAX_LENGTH, options)
    model = StancePredictor(classifier.eval().to(DEVICE), preprocessor, STANCES)

    def predict(pairs: Pairs) -> Floats:
        found = model.predict([text for _, text in pairs], [target for target, _ in pairs])
        return np.array([[*one.values()] for one in found])

    return predict


def _theirs(folder: Path) -> Callable[[Pairs, int], Floats]:
    """Return what predicts with the pipeline, in batches of some size."""
    classify = pipeline("text-classification", str(folder), tokenizer=str(folder), device=DEVICE, top_k=None)

    def predict(pairs: Pairs, batch_size: int) -> Floats:
        inputs = [{"text": target, "text_pair": text} for target, text in pairs]
        found: Any = classify(inputs, batch_size=batch_size, truncation="only_second", max_length=MAX_LENGTH)
        by_label = [{one["label"]: one["score"] for one in row} for row in found]
        return np.array([[row[LABELS[stance]] for stance in STANCES] for row in by_label])

    return predict


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
