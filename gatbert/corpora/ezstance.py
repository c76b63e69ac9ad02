"""EZ-STANCE: zero-shot stance in tweets, towards claims and noun phrases."""

from collections.abc import Mapping

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.rows import quoted_rows
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL


def _in_use(row: Mapping[str, str]) -> bool:
    """Tell whether a row belongs to the corpus: subtask B marks those that do, subtask A has no such column."""
    # Spreadsheets write 1 as 1.0.
    return row.get("In Use", "1").strip() in ("1", "1.0")


EZSTANCE = CorpusFormat(
    rows=quoted_rows,
    columns={"text": "Text", "target": "Target 1", "stance": "Stance 1", "keywords": "Keywords", "seen": "seen?"},
    labels={"FAVOR": FAVOR, "AGAINST": AGAINST, "NONE": NEUTRAL},
    optional=frozenset({"keywords", "seen"}),
    keep=_in_use,
)
"""Zhao & Caragea 2024, "EZ-STANCE: A Large Dataset for English Zero-Shot Stance Detection",
https://aclanthology.org/2024.acl-long.838.

Files: the official ``raw_*_all_onecol.csv`` of subtask A and B. Licence: none stated (tweets). Rows: the test split of
subtask A with noun-phrase targets has 2,663 (favor 957, against 764, neutral 942).

Traps: ``Text`` is cleaned, ``Ori Text`` is raw (``columns: {text: Ori Text}``) and holds line breaks and counters;
subtask B keeps only rows with ``In Use`` = 1; ``seen`` is always 0 outside train and says nothing. There are no ids.
"""
