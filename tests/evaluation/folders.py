"""Run folders as training leaves them, without the training."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from gatbert.samples.stances import STANCES


def write_run(
    folder: Path,
    seed: int = 0,
    accuracy: float = 0.7,
    num_samples: int = 60,
    settings: dict[str, Any] | None = None,
    gold_seed: int = 0,
) -> Path:
    """Write a run that is right on about that share of made samples, which are the same for equal ``gold_seed``."""
    gold = np.random.default_rng(gold_seed).integers(3, size=num_samples)
    random = np.random.default_rng([seed, round(1000 * accuracy)])
    predicted = np.where(random.random(num_samples) < accuracy, gold, (gold + 1) % 3)
    folder.mkdir(parents=True)
    config = {"seed_everything": seed, "classifier": "gatbert.stance_classifier.TextClassifier", **(settings or {})}
    logger = {"init_args": {"save_dir": str(folder.parent), "version": folder.name}}
    config = {**config, "trainer": {"logger": logger, **config.get("trainer", {})}}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    record = {"status": "finished", "elapsed_s": 12.5, "peak_memory_mib": 900.0, "train_s": 10.0, "train_samples": 400}
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "metrics.csv").write_text(
        "epoch,step,train_loss,val_macro_f1\n0,9,1.0,\n0,9,,0.4\n1,19,0.5,\n1,19,,0.6\n"
    )
    with (folder / "predictions.test.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "target", "gold", "predicted", *(f"prob_{stance}" for stance in STANCES), "irony"])
        for index, (true, found) in enumerate(zip(gold.tolist(), predicted.tolist(), strict=True)):
            sure = 0.4 + 0.6 * random.random()
            probabilities = [sure if stance == found else (1 - sure) / 2 for stance in range(3)]
            names = (STANCES[true], STANCES[found])
            writer.writerow([f"p{index}", ("zoos", "taxes")[index % 2], *names, *probabilities, index % 3 and "no"])
    return folder


def write_tested(folder: Path, checkpoint: Path) -> Path:
    """Write what ``gatbert test`` leaves: no training, and the defaults of all that the checkpoint decides."""
    write_run(folder, settings={"ckpt_path": str(checkpoint), "model": {"learning_rate": 5e-5}})
    (folder / "run.json").write_text(json.dumps({"status": "finished"}))
    return folder
