"""What a run predicted is read again from its corpora, as far as it is still there."""

from pathlib import Path
from typing import Any

from gatbert.evaluation.corpus import read_tested
from gatbert.samples.stances import STANCES
from tests.tiny import corpus_rows, write_corpus


def settings(folder: Path, **splits: str) -> dict[str, Any]:
    """Return the settings of a run over files, as they are flattened."""
    return {f"data.init_args.{name}": str(folder / file) for name, file in splits.items()}


def test_texts_are_found_by_id_and_what_is_gone_is_counted(tmp_path: Path) -> None:
    rows = corpus_rows(12)
    write_corpus(tmp_path / "test.csv", rows)
    found = read_tested(settings(tmp_path, test="test.csv"), ["p3", "p1", "gone"], STANCES, "test")
    assert list(found.tested) == ["p3", "p1"]
    assert found.tested["p3"].text == rows[3]["text"]
    assert found.relations is None
    assert found.notes == ["1 predicted samples are no longer in the corpora of the run."]


def test_a_corpus_that_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    found = read_tested(settings(tmp_path, test="gone.csv"), ["p1"], STANCES, "test")
    assert found.tested == {}
    (note,) = found.notes
    assert note.startswith("Texts of test are missing here: ")
    assert "gone.csv does not exist" in note


def test_a_random_split_is_drawn_again(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "posts.csv", corpus_rows(60))
    drawn = {f"data.init_args.partitions.{corpus}": [0.5, 0.0, 0.5]}
    everything = [f"p{number}" for number in range(60)]
    tested = read_tested(drawn, everything, STANCES, "test").tested
    trained = read_tested(drawn, everything, STANCES, "train").tested
    assert set(tested) | set(trained) == set(everything)
    assert not set(tested) & set(trained)


def test_a_mix_is_read_again_by_corpus(tmp_path: Path) -> None:
    files = [str(write_corpus(tmp_path / f"{name}.csv", corpus_rows(3))) for name in "ab"]
    corpora = [{"name": file[-5], "test": file} for file in files]
    found = read_tested({"data.init_args.corpora": corpora}, ["a/p1", "b/p1", "p1"], STANCES, "test")
    assert [(name, sample.meta["corpus"]) for name, sample in found.tested.items()] == [("a/p1", "a"), ("b/p1", "b")]
