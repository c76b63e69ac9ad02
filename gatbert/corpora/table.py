"""Corpora of one's own: csv, tsv and jsonl, with any columns and labels."""

from functools import partial

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.rows import json_rows, quoted_rows
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

COLUMNS = {"id": "id", "text": "text", "target": "target", "stance": "stance"}

SYNONYMS = {
    AGAINST: ("con", "anti", "oppose"),
    FAVOR: ("favour", "pro", "for", "support"),
    NEUTRAL: ("none", "neither"),
}


def generic_labels(stances: tuple[str, ...]) -> dict[str, str | None]:
    """Return the labels that need no map: each stance by its own name and by those that other corpora use for it."""
    return {label: stance for stance in stances for label in (stance, *SYNONYMS.get(stance, ()))}


CSV = CorpusFormat(quoted_rows, COLUMNS, labels={})
TSV = CorpusFormat(partial(quoted_rows, delimiter="\t"), COLUMNS, labels={})
JSONL = CorpusFormat(json_rows, COLUMNS, labels={})
