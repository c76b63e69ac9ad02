"""The stance part of TweetEval: texts in one file, labels in the file beside it, targets in the names of folders."""

from collections.abc import Iterator
from pathlib import Path

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.rows import Row
from gatbert.corpora.semeval import without_marker
from gatbert.errors import UserError
from gatbert.files.text import decoded_lines
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

TEXTS, LABELS = "_text.txt", "_labels.txt"

TARGETS = {
    "abortion": "Legalization of Abortion",
    "atheism": "Atheism",
    "climate": "Climate Change is a Real Concern",
    "feminist": "Feminist Movement",
    "hillary": "Hillary Clinton",
}
"""Target of each published folder, as SemEval-2016 writes it; any other folder is named by its target."""


def _labels_of(path: Path) -> Path:
    if not path.name.endswith(TEXTS):
        raise UserError(f"{path}: the name of a file of texts ends in {TEXTS}, and that of its labels in {LABELS}")
    labels = path.with_name(path.name.removesuffix(TEXTS) + LABELS)
    if not labels.is_file():
        raise UserError(f"{labels} does not exist; the labels of {path} stand there, one per line")
    return labels


def _rows(path: Path, encoding: str = "utf-8-sig") -> Iterator[Row]:
    labels_file = _labels_of(path)
    texts, labels = _lines(path, encoding), _lines(labels_file, encoding)
    if not texts:
        raise UserError(f"{path}: the file is empty; accepted is one text per line")
    if len(texts) != len(labels):
        raise UserError(f"{path} has {len(texts)} texts and {labels_file} has {len(labels)} labels; one of them is cut")
    folder = path.absolute().parent.name  # absolute, as the user may stand in it
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1):
        yield number, {"text": text, "label": label, "folder": TARGETS.get(folder, folder)}


def _lines(path: Path, encoding: str) -> list[str]:
    """Return the lines of a file without the empty ones at its end."""
    lines = [line.rstrip("\r\n") for line in decoded_lines(path, encoding, newline="\n")]
    while lines and not lines[-1].strip():  # but within the file, an empty text belongs to an empty line of labels
        lines.pop()
    return lines


TWEET_EVAL = CorpusFormat(
    rows=_rows,
    columns={"text": "text", "target": "folder", "stance": "label"},
    labels={"0": NEUTRAL, "1": AGAINST, "2": FAVOR},
    clean_text=without_marker,
    beside=lambda path: (_labels_of(path),),
)
"""Barbieri et al. 2020, "TweetEval: Unified Benchmark and Comparative Evaluation for Tweet Classification",
https://aclanthology.org/2020.findings-emnlp.148; the tweets are those of SemEval-2016 Task 6, subtask A.

Files: ``{train,val,test}_text.txt`` with ``{train,val,test}_labels.txt`` below ``datasets/stance/TARGET/``. Licence:
none stated (tweets). Labels: 0 = none, 1 = against, 2 = favor. Rows of all targets: 2,620 / 294 / 1,249.

Traps: users and links are replaced by ``@user`` and ``http``; tweets end in ``#SemST``; there are no ids; a line ends
at a line feed alone, as tweets hold other line separators.
"""
