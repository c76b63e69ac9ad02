"""Labels: a name of a stance, its synonyms, or a sentence with the remedy."""

from collections import Counter
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from tests.corpora.files import HEADER, refused


def test_an_unknown_label_names_the_remedy(tmp_path: Path) -> None:
    message = refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n")
    assert ":2: unknown label 'Yes'; known labels are" in message
    assert """--data.labels '{"Yes": "favor"}'""" in message
    assert """{"Yes": "for"}""" in refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n", stances=["for", "against"])


@pytest.mark.parametrize("corpus_type", ["csv", "jsonl", "graph"])
def test_rows_of_a_label_with_null_are_skipped_and_counted(tmp_path: Path, corpus_type: str) -> None:
    """Whatever else is wrong with them: they are no part of the corpus."""
    rows = [("a b", "favor"), ("", "Discuss"), ("c d", "against"), ("e f", "discuss")]
    if corpus_type == "graph":
        path = tmp_path / "a.tsv"
        path.write_text("".join(f"{stance}\t1\t1\t0\tzoo\t{text or 'x'}\n" for text, stance in rows))
    elif corpus_type == "csv":
        path = tmp_path / "a.csv"
        path.write_text("text,target,stance\n" + "".join(f"{text},zoo,{stance}\n" for text, stance in rows))
    else:
        path = tmp_path / "a.jsonl"
        path.write_text("".join(f'{{"text": "{t}", "target": "zoo", "stance": "{s}"}}\n' for t, s in rows))
    skipped: Counter[str] = Counter()
    labels = {"favor": "favor", "against": "against", "discuss": None}
    samples = list(read_corpus(path, corpus_type, labels=labels, skipped=skipped))
    assert [(sample.text, sample.stance) for sample in samples] == [("a b", "favor"), ("c d", "against")]
    assert skipped == {"Discuss": 1, "discuss": 1}
    assert list(read_corpus(path, corpus_type, labels=labels)) == samples  # who does not count them reads the same
