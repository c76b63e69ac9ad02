"""Which runs differ by their seed alone, and what sets the others apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gatbert.evaluation.runs import CHECKPOINT, SEED, Run
from gatbert.evaluation.shown import plain

WITHOUT_MEANING = (
    SEED,
    CHECKPOINT,
    "trainer.logger",
    "trainer.default_root_dir",
    "trainer.enable_",
    "trainer.log_every_n_steps",
    "data.init_args.cache_dir",
    "data.init_args.num_workers",
    "data.init_args.predict",
    "checkpoint.dirpath",
)
"""Beginnings of settings that change no prediction, or that seeds change."""


def group_runs(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Group runs that differ by their seed alone, and name each group by what sets it apart.

    Returns:
        Runs of each group, by its name, in the order in which they were given.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        # Settings hold lists and whatever YAML allows, which are no keys; their texts are.
        groups.setdefault(repr(sorted(meaning(run).items())), []).append(run)
    names = _names([members[0] for members in groups.values()])
    return dict(zip(names, groups.values(), strict=True))


def differing_settings(groups: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, Any]]:
    """Return the settings in which groups differ, by group."""
    meanings = {name: meaning(members[0]) for name, members in groups.items()}
    keys = sorted({key for one in meanings.values() for key in one})
    differing = [key for key in keys if len({str(one.get(key)) for one in meanings.values()}) > 1]
    return {name: {key: one.get(key) for key in differing} for name, one in meanings.items()}


def with_shared_flags(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """Give all runs the flags that any of them has, and in which those that have them agree.

    Args:
        runs: Runs with their samples in one order.

    Returns:
        The runs, and a sentence for each flag that is left out.
    """
    flags: dict[str, npt.NDArray[np.str_]] = {}
    differing: dict[str, str] = {}
    for run in runs:
        for flag, values in run.predictions.flags.items():
            # The first run that has a flag decides what it is compared with.
            if not np.array_equal(flags.setdefault(flag, values), values):
                differing[flag] = f"The flag {flag} differs between runs and is left out."
    if "target_seen" in differing:
        differing["target_seen"] += " They were trained on different targets."
    shared = {flag: values for flag, values in flags.items() if flag not in differing}
    return [replace(run, predictions=replace(run.predictions, flags=shared)) for run in runs], [*differing.values()]


def meaning(run: Run, *without: str) -> dict[str, Any]:
    """Return the settings that tell a run from those of other seeds, without some."""
    kept = (item for item in run.settings.items() if not item[0].startswith(WITHOUT_MEANING))
    return {name: value for name, value in kept if name not in without}


def _names(runs: Sequence[Run]) -> list[str]:
    """Return a name for each of some runs of different settings."""
    meanings = [meaning(run) for run in runs]
    keys = sorted({key for one in meanings for key in one})
    differing = [key for key in keys if key != "classifier" and len({str(m.get(key)) for m in meanings}) > 1]
    classifiers = [plain(str(one.get("classifier", "run")).rpartition(".")[2]) for one in meanings]
    # The shortest names that tell all apart: classifiers, then settings, then folders.
    if len(set(classifiers)) == len(runs):
        return classifiers
    names = []
    for classifier, one in zip(classifiers, meanings, strict=True):
        told = [f"{key.rpartition('.')[2]}={one[key]}" for key in differing if one.get(key) is not None]
        names.append(plain(" ".join([classifier, *told])))
    if max(map(len, names)) > 80 or len(set(names)) < len(names):
        # Too much differs: the folder above the runs says more.
        names = [plain(f"{name} {run.path.parent.name}") for name, run in zip(classifiers, runs, strict=True)]
    return [
        name if names.count(name) == 1 else plain(f"{name} ({run.path})") for name, run in zip(names, runs, strict=True)
    ]
