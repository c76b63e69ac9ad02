"""The texts and graphs behind a run's predictions, read again from the corpora that its config names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gatbert.corpora import read_corpus, read_relations
from gatbert.errors import UserError
from gatbert.paths import resolve
from gatbert.samples import Sample

OPTIONS = "data.init_args."
SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class Corpus:
    """Hold the samples of a run.

    Attributes:
        tested: Samples that were predicted, by id.
        others: All other samples with a gold stance.
        relations: Name of each relation id of their graphs, if they have any.
        notes: A sentence for each thing that could not be read.
    """

    tested: Mapping[str, Sample]
    others: Sequence[Sample]
    relations: Sequence[str] | None
    notes: Sequence[str]


def read_samples(settings: Mapping[str, Any], ids: Sequence[str], stances: Sequence[str], split: str) -> Corpus:
    """Read the corpora of a run.

    Args:
        settings: Settings of the run by dotted name.
        ids: Ids of the samples that were predicted.
        stances: Label set.
        split: Split that was predicted.

    Returns:
        The samples; what cannot be read is missing, and is said in ``notes``.
    """
    wanted, others, notes = set(ids), [], []
    tested: dict[str, Sample] = {}
    relations: list[str] | None = None
    for file in _files(settings, split):
        samples, found, problem = _read(file, settings, stances)
        tested |= {sample.id: sample for sample in samples if sample.id in wanted}
        others += [sample for sample in samples if sample.id not in wanted and sample.stance is not None]
        relations = found or relations
        notes += [problem] if problem else []
    if not notes and len(tested) < len(wanted):
        notes.append(f"{len(wanted) - len(tested)} predicted samples are no longer in the corpora of the run.")
    return Corpus(tested, others, relations, notes)


def _read(
    file: str, settings: Mapping[str, Any], stances: Sequence[str]
) -> tuple[list[Sample], list[str] | None, str | None]:
    """Return samples and relations of a corpus file, or why it cannot be read."""
    corpus_type = settings.get(f"{OPTIONS}corpus_type", "csv")
    columns, labels = (_section(settings, f"{OPTIONS}{name}") for name in ("columns", "labels"))
    try:
        path = resolve(file)
        samples = list(read_corpus(path, corpus_type, columns, labels, stances, require_stance=False))
        return samples, read_relations(path, corpus_type), None
    except (UserError, OSError) as error:
        return [], None, f"Texts of {file} are missing here: {error}"


def _files(settings: Mapping[str, Any], split: str) -> Iterator[str]:
    """Yield the corpus files of a run."""
    partitions = f"{OPTIONS}partitions."
    yield from (name.removeprefix(partitions) for name in settings if name.startswith(partitions))
    seen = set()
    for name in dict.fromkeys((*SPLITS, split)):
        files = settings.get(OPTIONS + name)
        for file in [files] if isinstance(files, str) else files or []:
            if file not in seen:
                seen.add(file)
                yield file


def _section(settings: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """Return the settings below a name, which were flattened with the others."""
    below = {key.removeprefix(f"{name}."): value for key, value in settings.items() if key.startswith(f"{name}.")}
    return below or None
