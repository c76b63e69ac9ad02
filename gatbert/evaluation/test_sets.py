"""Which runs were tested on the same samples: only those can be compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from gatbert.evaluation.predictions import Predictions
from gatbert.evaluation.runs import DATA_OPTIONS, Run


@dataclass(frozen=True, eq=False)
class TestSet:
    """Hold the runs that were tested on the same samples.

    Attributes:
        name: What tells it from the others, fit to name a folder.
        files: Corpus files of the first run, as its config names them.
        runs: The runs, with their samples in one order.
    """

    __test__ = False  # it is none of pytest's

    name: str
    files: tuple[str, ...]
    runs: Sequence[Run]


def by_test_set(runs: Sequence[Run], split: str) -> list[TestSet]:
    """Put runs together that have the same samples, gold stances and label set, in the order in which they were given.

    Args:
        runs: Runs.
        split: Split that was predicted.
    """
    found: dict[tuple[tuple[str, ...], bytes, bytes], list[Run]] = {}
    for run in runs:
        own = run.predictions
        # Whatever the order, the same ids with the same golds are the same test set.
        order = np.argsort(own.ids, kind="stable")
        members = found.setdefault((own.stances, own.ids[order].tobytes(), own.gold[order].tobytes()), [])
        members.append(replace(run, predictions=_ordered_as(members[0].predictions, own)) if members else run)
    files = [tuple(_files(members[0], split)) for members in found.values()]
    names = _names([one[0] if one and PurePath(one[0]).name else split for one in files])
    return [TestSet(*parts) for parts in zip(names, files, found.values(), strict=True)]


def differences(sets: Sequence[TestSet]) -> list[str]:
    """Return a sentence for each test set that shares samples with an earlier one."""
    notes = []
    for number, one in enumerate(sets):
        for other in sets[:number]:
            ids, others = (set(each.runs[0].predictions.ids.tolist()) for each in (one, other))
            if ids == others:
                notes.append(
                    f"{one.name} has the samples of {other.name} with other gold stances or another label set."
                )
            elif shared := len(ids & others):
                notes.append(f"{one.name} has {shared} of its {len(ids)} samples in common with {other.name}.")
    return notes


def _ordered_as(first: Predictions, other: Predictions) -> Predictions:
    if np.array_equal(first.ids, other.ids):
        return other
    place = {name: index for index, name in enumerate(other.ids.tolist())}
    return other.taken(np.array([place[name] for name in first.ids.tolist()]))


def _files(run: Run, split: str) -> Iterator[str]:
    """Yield the corpus files of a run from which its samples came."""
    named = run.settings.get(f"{DATA_OPTIONS}{split}")
    files = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    yield from map(str, files)
    if not files:
        partitions = f"{DATA_OPTIONS}partitions."
        yield from (name.removeprefix(partitions) for name in run.settings if name.startswith(partitions))


def _names(files: Sequence[str]) -> list[str]:
    """Return the shortest ends of some paths that tell them apart, with numbers where nothing else does."""
    paths = [PurePath(file).with_suffix("").parts for file in files]
    names: list[str] = []
    # From the file names upwards: x/vast/test.csv and x/semeval/test.csv become vast-test and semeval-test.
    for length in range(1, max(map(len, paths), default=0) + 1):
        names = [_fit("-".join(parts[-length:])) for parts in paths]
        # Some file systems do not tell a from A.
        if len({name.lower() for name in names}) == len(names):
            return names
    return [f"{_fit(parts[-1])}-{number}" for number, parts in enumerate(paths, start=1)]


def _fit(name: str) -> str:
    """Return a name that any file system takes for a folder."""
    return re.sub(r"[^\w-]+", "-", name)[-100:].strip("-") or "test"
