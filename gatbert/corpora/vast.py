"""VAST: stance towards targets that training has hardly or never seen."""

from gatbert.corpora.corpus_format import CorpusFormat
from gatbert.corpora.rows import quoted_rows
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

FLAGS = {
    "seen": "seen?",
    "type_idx": "type_idx",
    "contains_topic": "contains_topic?",
    **{name: name for name in ("Qte", "Sarc", "Imp", "mlS", "mlT")},
}

VAST = CorpusFormat(
    rows=quoted_rows,
    columns={"id": "new_id", "text": "post", "target": "topic_str", "stance": "label", **FLAGS},
    labels={"0": AGAINST, "1": FAVOR, "2": NEUTRAL},
    optional=frozenset({"id", *FLAGS}),
)
"""Allaway & McKeown 2020, "Zero-Shot Stance Detection", https://aclanthology.org/2020.emnlp-main.717.

Files: ``vast_train.csv``, ``vast_dev.csv``, ``vast_test.csv``. Licence: none stated (newspaper comments). Rows: 13,477,
2,062 and 3,006. Labels: 0 = con, 1 = pro, 2 = neutral. ``seen`` is 1 for few-shot and 0 for zero-shot targets.

Traps: the target is ``topic_str``, as ``new_topic`` is wrong for synthetic neutrals (``type_idx`` 4); the dev file
leaves most columns empty, ids among them; train has none of the flags of the analysis (Qte, Sarc, Imp, mlS, mlT).
"""
