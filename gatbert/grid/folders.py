"""What has become of a run, by its folder, and how an unfinished one goes on in a folder of the same name."""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.evaluation.predictions import read_predictions
from gatbert.evaluation.run_record import read_record
from gatbert.evaluation.scores import stance_scores, summary_names
from gatbert.files.archives import archive_damage
from gatbert.files.documents import read_yaml
from gatbert.files.paths import atomic_folder

TRAINING_STATE = b"optimizer_states"
"""Name under which a checkpoint keeps what training needs beyond the weights."""


@dataclass(frozen=True)
class Finished:
    """Hold what a finished run came to.

    Attributes:
        scores: Test scores that sum up all stances, 0 to 1, by name.
        elapsed_s: Seconds of its last attempt, if they are known.
    """

    scores: Mapping[str, float]
    elapsed_s: float | None


def read_finished(folder: Path) -> Finished | None:
    """Return the outcome of a run; ``None`` unless it is finished and all its predictions are there."""
    try:
        record = read_record(folder)
        if record.status != "finished":
            return None
        predictions = read_predictions(folder / "predictions.test.csv")
    except (OSError, UserError):  # half written or damaged: trained again, as if it had never ended
        return None
    tested = record.manifest("test")
    is_whole = tested is not None and len(predictions) == tested.num_samples
    if not is_whole and not _is_limited(folder):
        return None
    scores = stance_scores(predictions.confusion, predictions.stances)
    return Finished({name: float(scores[name]) for name in summary_names(predictions.stances)}, record.elapsed_s)


def archive_attempt(folder: Path) -> None:
    """Move an unfinished run out of the way, under a name that begins with a dot, which reports pass over."""
    if not folder.exists():
        return
    if not (folder / "config.yaml").exists():
        shutil.rmtree(folder)  # it never began: all that it may hold are links that prepare_resume made
        return
    number = max((number for number, _ in _attempts(folder)), default=0) + 1
    folder.rename(folder.with_name(f".{folder.name}.interrupted-{number}"))


def prepare_resume(folder: Path) -> Path | None:
    """Prepare the folder of a run that was set aside, and return the checkpoint from which it goes on.

    The best checkpoint so far is put where it was, as Lightning looks for it there: what goes on selects among all
    epochs, as if it had never stopped. The run goes on from the newest whole checkpoint that has all that training
    needs, of the newest attempt that has one; damaged ones are passed over.

    Args:
        folder: The run folder, which does not exist.

    Returns:
        The checkpoint; ``None`` if the run has to begin anew.
    """
    # Left by a process that was killed before it could rename what it had made.
    for stale in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(stale)
    for _, attempt in sorted(_attempts(folder), reverse=True):
        if _written_for(attempt) != folder:
            continue
        whole = {
            path: state for path in (attempt / "checkpoints").glob("*.ckpt") if (state := _pickled(path)) is not None
        }
        # A best checkpoint keeps weights alone: it is kept, and no training goes on from it.
        sources = [path for path, state in whole.items() if TRAINING_STATE in state]
        if not sources:
            continue
        with atomic_folder(folder) as aside:
            (aside / "checkpoints").mkdir()
            for path in whole:
                # Lightning may write last.ckpt in place, which would reach the old one through a link.
                if path.name != "last.ckpt":
                    _link(path, aside / "checkpoints" / path.name)
        # Of two of the same moment, last.ckpt has seen as much, and knows the best.
        return max(sources, key=lambda path: (path.stat().st_mtime_ns, path.name == "last.ckpt"))
    return None


def _pickled(checkpoint: Path) -> bytes | None:
    """Return what a checkpoint has pickled, if all of it is as it was written: PyTorch's are zip files with checksums.

    Loading it would take torch, which the grid does without.
    """
    if archive_damage(checkpoint) is not None:
        return None
    with zipfile.ZipFile(checkpoint) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.endswith("data.pkl"))


def _attempts(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.parent.glob(f".{folder.name}.interrupted-*"):
        if match := re.fullmatch(r".*-(\d+)", path.name):
            yield int(match[1]), path


def _config(folder: Path) -> dict[str, Any]:
    try:
        found = read_yaml(folder / "config.yaml")
    except UserError:
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
    trainer = _config(folder).get("trainer")
    limit = trainer.get("limit_test_batches") if isinstance(trainer, dict) else None
    return limit is not None and repr(limit) != "1.0"  # 1 is one batch, 1.0 is all of them


def _link(source: Path, link: Path) -> None:
    try:
        os.link(source, link)
    except OSError:  # a file system without links
        shutil.copy2(source, link)
