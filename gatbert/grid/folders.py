"""What has become of a run, by its folder, and how an unfinished one goes on in a folder of the same name."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from gatbert.evaluation.predictions import read_predictions
from gatbert.paths import written_aside
from gatbert.scores import stance_scores, summary_names


@dataclass(frozen=True)
class Finished:
    """Hold what a finished run came to.

    Attributes:
        scores: Test scores that sum up all stances, 0 to 1, by name.
        elapsed_s: Seconds of its last attempt.
    """

    scores: Mapping[str, float]
    elapsed_s: float


def read_finished(folder: Path) -> Finished | None:
    """Return the outcome of a run; ``None`` unless it is finished and all its predictions are there."""
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if record["status"] != "finished":
            return None
        predictions = read_predictions(folder / "predictions.test.csv")
        expected = record["data"]["splits"]["test"]["num_samples"]
    except (OSError, ValueError, KeyError, TypeError):  # a UserError is a ValueError
        return None
    if len(predictions) != expected and not _is_limited(folder):
        return None
    stances = predictions.stances
    cells = predictions.cells[predictions.gold >= 0]
    counts = np.bincount(cells, minlength=len(stances) ** 2).reshape(len(stances), -1)
    scores = stance_scores(counts, stances)
    return Finished({name: float(scores[name]) for name in summary_names(stances)}, float(record["elapsed_s"]))


def set_aside(folder: Path) -> None:
    """Move an unfinished run out of the way, under a name that begins with a dot, which reports pass over."""
    if not folder.exists():
        return
    if not (folder / "config.yaml").exists():
        shutil.rmtree(folder)  # it never began: all that it may hold are links that go_on made
        return
    number = max((number for number, _ in _attempts(folder)), default=0) + 1
    folder.rename(folder.with_name(f".{folder.name}.interrupted-{number}"))


def go_on(folder: Path) -> Path | None:
    """Prepare the folder of a run that was set aside, and return the checkpoint from which it goes on.

    The best checkpoint so far is put where it was, as Lightning looks for it there: what goes on selects among all
    epochs, as if it had never stopped. It is the newest whole checkpoint of the newest attempt that has one.

    Args:
        folder: The run folder, which does not exist.

    Returns:
        The checkpoint; ``None`` if the run has to begin anew.
    """
    for stale in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(stale)
    for _, attempt in sorted(_attempts(folder), reverse=True):
        whole = [path for path in (attempt / "checkpoints").glob("*.ckpt") if zipfile.is_zipfile(path)]
        if not whole or _written_for(attempt) != folder:
            continue
        with written_aside(folder) as aside:
            (aside / "checkpoints").mkdir()
            for path in whole:
                # Lightning may write last.ckpt in place, which would reach the old one through a link.
                if path.name != "last.ckpt":
                    _link(path, aside / "checkpoints" / path.name)
        return max(whole, key=lambda path: (path.stat().st_mtime_ns, path.name == "last.ckpt"))
    return None


def _attempts(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.parent.glob(f".{folder.name}.interrupted-*"):
        if match := re.fullmatch(r".*-(\d+)", path.name):
            yield int(match[1]), path


def _config(folder: Path) -> dict[str, Any]:
    try:
        found = yaml.load((folder / "config.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


def _written_for(attempt: Path) -> Path | None:
    """Return the folder in which an attempt ran: its checkpoints name the best one by that path."""
    try:
        logger = _config(attempt)["trainer"]["logger"]["init_args"]
        return Path(logger["save_dir"], logger["name"], logger["version"])
    except (KeyError, TypeError):
        return None


def _is_limited(folder: Path) -> bool:
    limit = _config(folder).get("trainer", {}).get("limit_test_batches")
    return limit is not None and repr(limit) != "1.0"  # 1 is one batch, 1.0 is all of them


def _link(source: Path, link: Path) -> None:
    try:
        os.link(source, link)
    except OSError:  # a file system without links
        shutil.copy2(source, link)
