"""A stand-in for ``fit`` that leaves the same files without torch: ``training.py JOURNAL EPOCH_S ARGS``."""

import json
import math
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from gatbert.search.space import Dimension
from tests.grid.training import EPOCHS, read_checkpoint, write_checkpoint

SPACE = {
    "model.learning_rate": Dimension(1e-5, 1e-1, log=True),
    "model.pooling": Dimension(choices=("first", "mean", ["a", 1])),
}


def quality(values: dict[str, Any]) -> float:
    """Return the score that some values come to: 1 at best, for a learning rate of 0.001 and mean pooling."""
    rate: float = values["model.learning_rate"]
    return 1 - abs(math.log10(rate) + 3) / 4 - 0.1 * bool(values["model.pooling"] != "mean")


def main(journal: Path, epoch_s: float, args: list[str]) -> int:
    """Train: each epoch is a line of the journal, a row of metrics and a checkpoint; Ctrl-C interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    flags = dict(pairwise(args))
    values = yaml.safe_load(Path(flags["-c"]).read_text())
    logger = {name: flags[f"--trainer.logger.init_args.{name}"] for name in ("save_dir", "name", "version")}
    folder = Path(*logger.values())
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump({"trainer": {"logger": {"init_args": logger}}}))
    (folder / "metrics.csv").write_text("epoch,step,val_macro_f1\n")
    source = flags.get("--ckpt_path")
    first = 0 if source is None else read_checkpoint(Path(source)) + 1
    if flags.get("fail") == values["model.pooling"]:
        sys.stderr.write("gatbert: error: this pooling fails\n")
        return 1
    try:
        for epoch in range(first, EPOCHS):
            record(folder, "running", values)
            time.sleep(epoch_s)
            with (folder / "metrics.csv").open("a") as file:
                file.write(f"{epoch},{epoch * 10},{quality(values) * (epoch + 1) / EPOCHS}\n")
            with journal.open("a") as file:
                file.write(f"{folder.name} {epoch}\n")
            write_checkpoint(folder / "checkpoints" / "last.ckpt", epoch)
    except KeyboardInterrupt:
        record(folder, "interrupted", values)
        return 1
    record(folder, "finished", values)
    return 0


def record(folder: Path, status: str, values: dict[str, Any]) -> None:
    """Write ``run.json``."""
    best = {"path": "best.ckpt", "monitor": values["checkpoint.monitor"], "score": quality(values)}
    aside = folder / ".run.json.partial"
    aside.write_text(json.dumps({"status": status, "elapsed_s": 1.0, "best_checkpoint": best}))
    aside.replace(folder / "run.json")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
