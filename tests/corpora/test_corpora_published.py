"""The real files have the published numbers of rows and labels."""

from collections import Counter
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus

pytestmark = pytest.mark.real_data

PUBLISHED = [
    ("semeval", "semeval2016/trainingdata-all-annotations.txt", (1342, 731, 741)),
    ("semeval", "semeval2016/trialdata-all-annotations.txt", (53, 22, 25)),
    ("semeval", "semeval2016/testdata-taskA-all-annotations.txt", (715, 304, 230)),
    ("semeval", "semeval2016/testdata-taskB-all-annotations.txt", (299, 148, 260)),
    ("vast", "vast/vast_train.csv", (5595, 5327, 2555)),
    ("vast", "vast/vast_dev.csv", (684, 681, 697)),
    ("vast", "vast/vast_test.csv", (1018, 944, 1044)),
    ("ezstance", "ezstance/subtaskA_noun_phrase_test.csv", (764, 957, 942)),
]


@pytest.mark.parametrize(("corpus_type", "name", "labels"), PUBLISHED, ids=lambda value: str(value))
def test_rows_and_labels(data_folder: Path, corpus_type: str, name: str, labels: tuple[int, int, int]) -> None:
    samples = list(read_corpus(data_folder / name, corpus_type))
    counts = Counter(sample.stance for sample in samples)
    assert (counts["against"], counts["favor"], counts["neutral"]) == labels
    assert len({sample.id for sample in samples}) == sum(labels)
    assert not any(sample.text.casefold().endswith("#semst") for sample in samples)


def test_release_of_semeval_has_no_gold(data_folder: Path) -> None:
    files = sorted((data_folder / "semeval2016" / "task_release").glob("*est*"))
    assert files
    for file in files:
        assert {sample.stance for sample in read_corpus(file, "semeval")} == {None}


def test_flags_of_vast(data_folder: Path) -> None:
    samples = list(read_corpus(data_folder / "vast" / "vast_test.csv", "vast"))
    assert {sample.meta["seen"] for sample in samples} == {"0", "1"}
    assert {flag for sample in samples for flag in sample.meta} >= {"Qte", "Sarc", "Imp", "mlS", "mlT"}
