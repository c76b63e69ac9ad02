"""What a result is about, as it is told to a reader."""

from gatbert.evaluation.subject import Subject
from gatbert.version import __version__

SUBJECT = Subject(
    checkpoint="runs/v1/last.ckpt",
    classifier="gatbert.stance_classifier.HybridClassifier",
    encoder="roberta-base",
    files={"a.csv": "0" * 64, "b.csv": "1" * 64},
    corpus_type="csv",
    split="test",
    transforms=[],
    created="2026-01-02T03:04:05+00:00",
)


def test_facts_are_those_that_a_reader_wants() -> None:
    assert dict(SUBJECT.facts()) == {
        "model": "HybridClassifier on roberta-base",
        "checkpoint": "runs/v1/last.ckpt",
        "data": "test split of a.csv, b.csv",
        "made": f"2026-01-02, gatbert {__version__}",
    }


def test_changes_of_the_samples_are_told() -> None:
    changed = Subject(**{**vars(SUBJECT), "transforms": ["mask_text", "rm_external"]})
    assert dict(changed.facts())["data"] == "test split of a.csv, b.csv, with mask_text, rm_external"
