"""The texts and graphs behind a run's predictions, and what it was trained on, read again from its corpora."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gatbert.corpora import read_relations
from gatbert.corpora.splits.corpus_options import OPTION_NAMES
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.mixed_splits import splits_from_options
from gatbert.errors import UserError
from gatbert.evaluation.run_record import split_manifest
from gatbert.evaluation.runs import DATA_OPTIONS, Training
from gatbert.files.paths import resolve
from gatbert.samples import Relations, Sample

OWN_MODULES = ("RandomSplitDataModule", "SplitDataModule", "MixedDataModule")


@dataclass(frozen=True)
class Corpus:
    """Hold the samples of a run.

    Attributes:
        tested: Samples that were predicted, by id.
        relations: Relations of their graphs, if they have any.
        notes: A sentence for each thing that could not be read.
    """

    tested: Mapping[str, Sample]
    relations: Relations | None
    notes: Sequence[str]


def read_tested(
    settings: Mapping[str, Any], ids: Sequence[str], stances: Sequence[str], split: str, pooled: bool = False
) -> Corpus:
    """Read the samples that a run predicted.

    Args:
        settings: Settings of the run by dotted name.
        ids: Ids of these samples.
        stances: Label set.
        split: Split in which they are.
        pooled: Whether they are those of all folds.

    Returns:
        The samples; what cannot be read is missing, and is said in ``notes``.
    """
    # In predict are all samples of files that are drawn, whichever fold they are in.
    place = "predict" if pooled else split
    try:
        splits = _splits(settings, stances)
        found = {sample.id: sample for sample in splits.read(labelled=False, only=place)[place]}
        relations = [read_relations(resolve(file), kind) for file, kind in splits.typed_files(place)]
    except (UserError, OSError) as error:
        return Corpus({}, None, [f"Texts of {split} are missing here: {error}"])
    tested = {name: found[name] for name in ids if name in found}
    missing = len(ids) - len(tested)
    notes = [f"{missing} predicted samples are no longer in the corpora of the run."] if missing else []
    return Corpus(tested, next((known for known in relations if known), None), notes)


def read_training(training: Training, stances: Sequence[str]) -> tuple[Sequence[Sample], str]:
    """Read the samples that a run was trained on, the very same and no others, as the manifest in its record tells.

    Args:
        training: The training.
        stances: Label set.

    Returns:
        The samples, and the files in which they stand; or none, and why there are none.
    """
    module = str(training.settings.get("data.class_path", OWN_MODULES[0]))
    if module.rpartition(".")[2] not in OWN_MODULES:
        return [], f"{module} decides what it trains on, which is not known here"
    try:
        splits = _splits(training.settings, stances)
        train = splits.resolved().splits["train"]
    except (UserError, OSError) as error:
        return [], f"the training samples cannot be read: {error}"
    files = ", ".join(splits.files_of("train"))
    # Corpora may have been changed since: baselines on other samples would be compared as if on the same.
    manifest = training.record.manifest("train")
    if not train:
        return [], f"{files} holds no training samples" if files else "the run names no training files"
    if manifest is not None and manifest != split_manifest(train):
        return [], f"{files} has other training samples now than when the run was trained"
    return train, files


def _splits(settings: Mapping[str, Any], stances: Sequence[str]) -> CorpusSplits:
    """Return how a run reads its corpora; the stances are those that it was tested with."""
    names = (*OPTION_NAMES, "corpora", "duplicates", "near_duplicates")
    given = {name: value for name in names if (value := _value(settings, name)) is not None}
    return splits_from_options({**given, "stances": stances})


def _value(settings: Mapping[str, Any], name: str) -> Any:
    """Return a setting of the data; the items of a mapping were flattened with the others."""
    prefix = f"{DATA_OPTIONS}{name}."
    below = {key.removeprefix(prefix): value for key, value in settings.items() if key.startswith(prefix)}
    return below or settings.get(f"{DATA_OPTIONS}{name}")
