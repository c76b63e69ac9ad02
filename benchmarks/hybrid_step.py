"""A training step of Hybrid, against the same encoder over plain tokens, and against dense attention over the graph."""

import subprocess
import sys
import time
from statistics import median

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.measure import Result, median_ratio
from benchmarks.models import (
    DEVICE,
    NUM_CONCEPTS,
    NUM_TOKENS,
    ModelName,
    Step,
    build,
    preprocessor,
    random_graph_sample,
    step_of,
    synchronize,
)
from benchmarks.real_posts import Tagged, tagged_posts
from gatbert.batches.packed import GraphBatch
from gatbert.nn.attention_types import ATTENTION_TYPES

BATCH_SIZES = (4, 16, 64)
REAL_BATCH_SIZES = (16, 64)
MIB = 2**20


def run() -> list[Result]:
    """Measure time, memory and growth; on real texts too, if the environment variable GATBERT_DATA names them."""
    made = [*_against_plain(), *_memory(), *_against_dense(), *_growth(), *_other_types(), _matmul_share()]
    return [*made, *(result for tagged in tagged_posts() for result in _real_corpus(tagged))]


def _against_plain() -> list[Result]:
    results = []
    for size in BATCH_SIZES:
        hybrid = step_of(build("hybrid"), [_batch(size)])
        plain = step_of(build("plain"), [torch.full((size,), NUM_TOKENS + NUM_CONCEPTS)])
        times = _paired(hybrid, plain, rounds=max(3, 40 // size))
        detail = f"{_seconds(times, 'Hybrid', f'{NUM_TOKENS + NUM_CONCEPTS} plain tokens')} on {DEVICE}"
        results.append(Result(f"hybrid_step_{size}", median_ratio(*times), 0.8, detail))
    return results


def _memory() -> list[Result]:
    results = []
    for size in BATCH_SIZES:
        hybrid, plain = (_peak(name, size) for name in ("hybrid", "plain"))
        detail = f"peak {hybrid / MIB:.0f} MiB, {NUM_TOKENS + NUM_CONCEPTS} plain tokens {plain / MIB:.0f} MiB"
        results.append(Result(f"hybrid_memory_{size}", hybrid / plain, 1.15, detail))
    return results


def _against_dense() -> list[Result]:
    """Compare with the formulation whose keys and values are ``(B, N, N, d)``, once it has given the same logits."""
    size = BATCH_SIZES[0]
    batch = _batch(size)
    torch.manual_seed(0)
    ours = build("hybrid")
    torch.manual_seed(0)
    dense = build("dense")
    with torch.no_grad():
        pair = [model.eval()(batch.to(DEVICE)) for model in (ours, dense)]
    torch.testing.assert_close(*pair, rtol=1e-4, atol=1e-4)
    times = _paired(step_of(dense.train(), [batch]), step_of(ours.train(), [batch]), rounds=2)
    peaks = [_peak(name, size) for name in ("dense", "hybrid")]
    memory = f"peak {peaks[0] / MIB:.0f} MiB dense, {peaks[1] / MIB:.0f} MiB"
    return [
        Result("hybrid_dense", median_ratio(*times), 15.0, _seconds(times, "dense", "Hybrid"), at_least=True),
        Result("hybrid_dense_memory", peaks[0] / peaks[1], 5.0, memory, at_least=True),
    ]


def _growth() -> list[Result]:
    """Tell linear from quadratic growth: of n, 2n and 4n, the last step is twice the first one, not four times."""
    results = []
    for what, batches in (
        ("edges", [_batch(16, edges_per_concept=count) for count in (16, 32, 64)]),
        ("concepts", [_batch(16, num_concepts=count) for count in (128, 256, 512)]),
    ):
        steps = [step_of(build("hybrid"), [batch]) for batch in batches]
        rounds = [[step() for step in steps] for _ in range(7)][1:]
        # The least of each: a difference of differences hears every disturbance of the machine.
        one, two, four = (min(column) for column in zip(*rounds, strict=True))
        detail = f"{one:.2f} s, {two:.2f} s with twice as many, {four:.2f} s with four times"
        results.append(Result(f"hybrid_growth_{what}", (four - two) / (two - one), 2.6, detail))
    return results


def _other_types() -> list[Result]:
    """Compare the attention types with the plain encoder, which none may exceed."""
    results = []
    plain = step_of(build("plain"), [torch.full((16,), NUM_TOKENS + NUM_CONCEPTS)])
    for name in list(ATTENTION_TYPES)[1:]:
        times = _paired(step_of(build("hybrid", name), [_batch(16)]), plain, rounds=3)
        results.append(Result(f"hybrid_{name}", median_ratio(*times), 1.0, _seconds(times, name, "plain")))
    return results


def _matmul_share() -> Result:
    """Say how much of the machine's matrix multiplication a step makes use of, and where the rest of the time goes."""
    step = step_of(build("hybrid"), [_batch(16)])
    step()
    with FlopCounterMode(display=False) as counter:
        step()
    with torch.profiler.profile() as profile:
        step()
    seconds = min(step() for _ in range(3))
    speed = counter.get_total_flops() / seconds
    peak = _peak_flops()
    shares = _shares(profile)
    detail = f"{speed / 1e9:.0f} of {peak / 1e9:.0f} GFLOP/s; of the time: {shares}"
    return Result("hybrid_matmul", speed / peak, 0.3, detail, at_least=True)


def _peak_flops() -> float:
    """Return the floating-point operations a second of a matrix product as large as the step's largest."""
    a, b = torch.randn(4096, 384, device=DEVICE), torch.randn(384, 1536, device=DEVICE)
    times = []
    for _ in range(10):
        synchronize()
        start = time.perf_counter()
        a @ b
        synchronize()
        times.append(time.perf_counter() - start)
    return 2 * a.shape[0] * a.shape[1] * b.shape[1] / min(times)


def _shares(profile: torch.profiler.profile) -> str:
    kinds = {
        "matrix products": ("mm", "bmm", "addmm", "linear"),
        "gathers and scatters": ("index", "gather", "scatter", "embedding", "segment"),
        "optimizer": ("addcdiv", "addcmul", "lerp", "foreach", "sqrt", "adam"),
        "dropout": ("bernoulli", "dropout"),
        "norms and activations": ("layer_norm", "gelu", "softmax", "exp"),
    }
    times = dict.fromkeys([*kinds, "element-wise and copies"], 0.0)
    for event in profile.key_averages():
        spent = event.self_device_time_total if DEVICE.type == "cuda" else event.self_cpu_time_total
        found = (kind for kind, parts in kinds.items() if any(part in event.key for part in parts))
        times[next(found, "element-wise and copies")] += spent
    total = sum(times.values())
    return ", ".join(f"{kind} {spent / total:.0%}" for kind, spent in times.items())


def _real_corpus(tagged: Tagged) -> list[Result]:
    """Measure against the plain encoder over the same texts and phrases, as tokens; and over as many as nodes."""
    pre = preprocessor(max_length=512)
    encoded = pre.encode(tagged.samples)
    nodes = torch.tensor([item.size for item in encoded])
    tokens = torch.tensor([len(item.arrays["input_ids"]) + len(item.arrays["concept_tokens"]) for item in encoded])
    hybrid, plain = build("hybrid", relations=tagged.relations), build("plain")
    results = []
    for size in REAL_BATCH_SIZES:
        order = torch.split(torch.randperm(len(encoded), generator=torch.Generator().manual_seed(0)), size)
        steps = [
            step_of(hybrid, [pre.collate([encoded[i] for i in part]) for part in order]),
            *(step_of(plain, [lengths[part] for part in order]) for lengths in (tokens, nodes)),
        ]
        ours, padded, as_many = zip(*([step() for step in steps] for _ in range(4)), strict=True)
        times = list(ours[1:]), list(padded[1:])
        strict = median_ratio(ours[1:], as_many[1:])
        detail = (
            f"{_seconds(times, 'Hybrid', 'padded encoder over the same text and phrases')} for {len(order)} batches; "
            f"{strict:.2f} of it over as many tokens as nodes; {int(nodes.min())} to {int(nodes.max())} nodes"
        )
        results.append(Result(f"hybrid_{tagged.name}_{size}", median_ratio(*times), 0.6, detail))
    return results


def _batch(size: int, **graph: int) -> GraphBatch:
    random = np.random.default_rng(0)
    pre = preprocessor()
    return pre.collate(pre.encode([random_graph_sample(random, **graph) for _ in range(size)]))


def _paired(first: Step, second: Step, rounds: int) -> tuple[list[float], list[float]]:
    """Time two steps in turn, after one warm-up each; return the seconds of each."""
    pairs = [(first(), second()) for _ in range(rounds + 1)][1:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _seconds(times: tuple[list[float], list[float]], first: str, second: str) -> str:
    return f"{first} {median(times[0]):.3f} s, {second} {median(times[1]):.3f} s"


def _peak(name: ModelName, batch_size: int) -> int:
    """Return the peak memory of a process that takes training steps, in bytes."""
    command = [sys.executable, "-m", "benchmarks.models", name, str(batch_size)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
