"""Settings of controlled data as a corpus: read, or refused by name."""

from pathlib import Path

import pytest

from gatbert.corpora import read_corpus, read_relations
from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.errors import UserError


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_file_of_settings_is_a_corpus(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.yaml", "{num_texts: 4, hops: 3}")
    samples = list(read_corpus(path, "synthetic"))
    assert [sample.id for sample in samples] == [s.id for s in generate(SyntheticSettings(num_texts=4, hops=3))]
    assert read_relations(path, "synthetic") == RELATIONS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hops: 0", "hops 0 is not accepted; accepted is 1 to 7"),
        ("distractors: 3", "distractors 3"),
        ("num_texts: many", "num_texts 'many'"),
        ("jumps: 2", "accepted are the settings num_texts, hops"),
        ("[1, 2]", "accepted are the settings"),
        ("{", "this is no YAML"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=rf"mine.yaml: .*{words}"):
        list(read_corpus(write(tmp_path / "mine.yaml", text), "synthetic"))


def test_columns_and_foreign_label_sets_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.yaml", "{}")
    with pytest.raises(UserError, match="no columns to map"):
        list(read_corpus(path, "synthetic", columns={"text": "body"}))
    with pytest.raises(UserError, match="none of yours"):
        list(read_corpus(path, "synthetic", stances=("for", "against")))
