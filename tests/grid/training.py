"""A stand-in for ``fit_and_test`` that leaves the same files without torch: ``training.py JOURNAL EPOCH_S ARGS``."""

import csv
import json
import signal
import sys
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import yaml

EPOCHS = 3


def main(journal: Path, epoch_s: float, args: list[str]) -> int:
    """Train: each epoch is a line of the journal and a checkpoint; argument ``fail`` fails, Ctrl-C interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    flags = dict(pairwise(args))
    logger = {name: flags[f"--trainer.logger.init_args.{name}"] for name in ("save_dir", "name", "version")}
    folder = Path(*logger.values())
    if (folder / "config.yaml").exists():
        sys.stderr.write("gatbert: error: the folder is used\n")
        return 2
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump({"trainer": {"logger": {"init_args": logger}}}))
    source = flags.get("--ckpt_path")
    first = 0 if source is None else read_checkpoint(Path(source)) + 1
    try:
        for epoch in range(first, EPOCHS):
            record(folder, "running")
            time.sleep(epoch_s)
            if flags.get("fail") == flags.get("--classifier"):
                sys.stderr.write("gatbert: error: this classifier fails\n")
                return 1
            with journal.open("a") as file:
                file.write(f"{folder.parent.name}/{folder.name} {epoch}\n")
            write_checkpoint(folder / "checkpoints" / "last.ckpt", epoch)
    except KeyboardInterrupt:
        record(folder, "interrupted")
        return 1
    write_predictions(folder)
    record(folder, "finished")
    return 0


def record(folder: Path, status: str) -> None:
    """Write ``run.json``."""
    splits = {"test": {"num_samples": 2}}
    aside = folder / ".run.json.partial"
    aside.write_text(json.dumps({"status": status, "elapsed_s": 1.0, "data": {"splits": splits}}))
    aside.replace(folder / "run.json")


def write_checkpoint(path: Path, epoch: int, state: bytes = b"optimizer_states") -> None:
    """Write a checkpoint, whole at once: PyTorch's are zip files, too, in which data.pkl names what they hold."""
    aside = path.with_name(".partial")
    with zipfile.ZipFile(aside, "w") as archive:
        archive.writestr("epoch", str(epoch))
        archive.writestr(f"{path.stem}/data.pkl", b"\x80\x02}" + state)
    aside.replace(path)


def read_checkpoint(path: Path) -> int:
    """Return the epoch of a checkpoint."""
    with zipfile.ZipFile(path) as archive:
        return int(archive.read("epoch"))


def write_predictions(folder: Path) -> None:
    """Write two predictions, one of them right."""
    with (folder / "predictions.test.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "target", "gold", "predicted", "prob_against", "prob_favor"])
        writer.writerows([["a", "zoo", "favor", "favor", 0.2, 0.8], ["b", "zoo", "against", "favor", 0.4, 0.6]])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
