"""Tagged corpora whose graphs have the concepts of training samples alone, and splits that are drawn anew of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gatbert.corpora.graph_corpus import read_info
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.wording import where_read
from gatbert.errors import UserError
from gatbert.files.paths import resolve
from gatbert.samples import Sample


def vocabulary_leak(corpus: CorpusSplits, splits: Mapping[str, Sequence[Sample]]) -> str | None:
    """Tell which validation samples were training samples when the corpus was tagged with ``vocabulary train``.

    Their concepts are in the vocabulary, as those of no new text are: the splits are others than those of tagging.

    Args:
        corpus: How the splits were read.
        splits: Their samples.

    Returns:
        A sentence, or ``None`` if there are none.

    Raises:
        UserError: If test samples were, too, and there are others to train on.
    """
    made = {
        str(path) for file, kind in corpus.typed_files() if kind == "graph" and _made_vocabulary(path := resolve(file))
    }
    found = {
        name: [sample for sample in splits.get(name, ()) if sample.origin is not None and sample.origin.file in made]
        for name in ("val", "test")
    }
    if found["test"] and splits.get("train"):
        raise UserError(_told("test", found["test"]))
    return _told("val", found["val"]) if found["val"] else None


def _made_vocabulary(path: Path) -> bool:
    """Tell whether a file holds the samples that made the vocabulary of a corpus."""
    if path.suffix != ".parquet":
        return False
    info = read_info(path)
    return (info.vocabulary, info.split) == ("train", "train")


def _told(split: str, samples: Sequence[Sample]) -> str:
    return (
        f"{len(samples):,} samples of {split}, such as {where_read(samples[0])}, made the vocabulary train with which "
        "the corpus was tagged, so that their concepts are known before any training; tag these very splits "
        "(gatbert tag --data FILE), or with vocabulary all"
    )
