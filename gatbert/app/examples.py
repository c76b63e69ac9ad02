"""Examples for the page: targets of the training corpus, each with a short text."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gatbert.errors import UserError
from gatbert.evaluation.corpus import read_training
from gatbert.evaluation.run_record import RECORD
from gatbert.evaluation.runs import read_training_run
from gatbert.files.paths import resolve
from gatbert.samples import Sample

MOST_EXAMPLES = 6
LONGEST = 280
"""Characters of a text that is shown as an example, if the target has one that is as short."""


def training_examples(source: str, stances: Sequence[str]) -> list[tuple[str, str]]:
    """Return texts and targets of the corpus on which a model was trained; none where that is not here.

    Args:
        source: The run folder of the model, or a checkpoint in it.
        stances: Label set of the model.
    """
    folder = _run_folder(resolve(source))
    if folder is None:
        return []
    try:
        samples, _ = read_training(read_training_run(folder), stances)
    except UserError:  # a record of another version, or a corpus that has changed: the page goes without
        return []
    return chosen(samples, stances)


def chosen(samples: Sequence[Sample], stances: Sequence[str]) -> list[tuple[str, str]]:
    """Return a text of each of the most frequent targets, their stances in turn where the samples allow it."""
    counts = Counter(sample.target for sample in samples)
    by_target: dict[str, list[Sample]] = {target: [] for target, _ in counts.most_common(MOST_EXAMPLES)}
    for sample in samples:
        if sample.target in by_target:
            by_target[sample.target].append(sample)
    found = []
    for number, (target, own) in enumerate(by_target.items()):
        wanted = stances[number % len(stances)]
        best = min(own, key=lambda sample: (len(sample.text) > LONGEST, sample.stance != wanted))
        found.append((best.text[:LONGEST], target))
    return found


def _run_folder(path: Path) -> Path | None:
    """Return the run in which a model lies, if it lies in one."""
    return next((folder for folder in (path, path.parent.parent) if (folder / RECORD).is_file()), None)
