"""Reports over many runs and over many predictions, with texts, baselines and tests."""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.measure import Result
from gatbert.samples.stances import STANCES

MANY_RUNS, MANY_SAMPLES = (20, 3_000), (1, 100_000)
NUM_TRAIN, NUM_TARGETS, NUM_WORDS, NUM_FLAGS = 3_000, 6, 18, 4
MOST_SECONDS = {MANY_RUNS: 20.0, MANY_SAMPLES: 60.0}


def run() -> list[Result]:
    """Report on made run folders: four groups of five seeds on one test set, and one run on a large one."""
    results = []
    for size, most in MOST_SECONDS.items():
        folder = Path(tempfile.mkdtemp(prefix="gatbert-benchmark-"))
        try:
            _write_runs(folder, *size)
            start = time.perf_counter()
            command = [sys.executable, "-m", "gatbert", "report", str(folder / "runs")]
            subprocess.run([*command, "--output", str(folder / "report")], check=True, stdout=subprocess.DEVNULL)
            seconds = time.perf_counter() - start
            page = (folder / "report" / "report.html").stat().st_size / 1e6
        finally:
            shutil.rmtree(folder)
        detail = f"{size[0]} runs of {size[1]:,} predictions in {seconds:.1f} s, page of {page:.1f} MB"
        results.append(Result(f"report_{size[0]}x{size[1]}", seconds / most, 1.0, detail))
    return results


def _write_runs(folder: Path, num_runs: int, num_samples: int) -> None:
    random = np.random.default_rng(0)
    words = np.array(["".join(chr(97 + letter) for letter in random.integers(26, size=5)) for _ in range(5_000)])
    gold = random.integers(3, size=NUM_TRAIN + num_samples)
    with (folder / "posts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "target", "text", "stance"])
        for index, stance in enumerate(gold.tolist()):
            text = " ".join(words[np.floor(len(words) * random.random(NUM_WORDS) ** 3).astype(int)])
            writer.writerow([f"p{index}", f"target {index % NUM_TARGETS}", text, STANCES[stance]])
    for number in range(num_runs):
        _write_run(folder / "runs" / f"run{number}", number, folder / "posts.csv", gold[NUM_TRAIN:], random)


def _write_run(folder: Path, number: int, corpus: Path, gold: Any, random: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    group, seed = divmod(number, 5)
    data = {"class_path": "SplitDataModule", "init_args": {"corpus_type": "csv", "test": str(corpus)}}
    config = {"seed_everything": seed, "model": {"learning_rate": 1e-5 * (group + 1)}, "data": data}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    (folder / "run.json").write_text(json.dumps({"status": "finished", "elapsed_s": 100.0}))
    predicted = np.where(random.random(len(gold)) < 0.6 + 0.03 * group, gold, random.integers(3, size=len(gold)))
    sure = 0.4 + 0.6 * random.random(len(gold))
    flags = random.integers(4, size=(len(gold), NUM_FLAGS))
    with (folder / "predictions.test.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        columns = [*(f"prob_{stance}" for stance in STANCES), *(f"flag{flag}" for flag in range(NUM_FLAGS))]
        writer.writerow(["id", "target", "gold", "predicted", *columns])
        for index, (true, found) in enumerate(zip(gold.tolist(), predicted.tolist(), strict=True)):
            probabilities = [sure[index] if stance == found else (1 - sure[index]) / 2 for stance in range(3)]
            names = (f"target {(NUM_TRAIN + index) % NUM_TARGETS}", STANCES[true], STANCES[found])
            writer.writerow([f"p{NUM_TRAIN + index}", *names, *probabilities, *flags[index].tolist()])
