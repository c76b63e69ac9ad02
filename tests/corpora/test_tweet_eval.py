"""TweetEval's pairs of files: texts in one, labels in the other."""

from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError


def test_tweet_eval_says_which_of_its_files_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "zoos"
    folder.mkdir()
    texts, labels = folder / "train_text.txt", folder / "train_labels.txt"
    texts.write_text("good \u2028 zoo #SemST \nbad zoo\n\n")
    with pytest.raises(
        UserError, match=r"train_labels\.txt does not exist; the labels of .*train_text\.txt stand there"
    ):
        list(read_corpus(texts, "tweet_eval"))
    labels.write_text("2\n1\n0\n")
    with pytest.raises(UserError, match=r"train_text\.txt has 2 texts and .*train_labels\.txt has 3 labels"):
        list(read_corpus(texts, "tweet_eval"))
    labels.write_bytes("\ufeff2\r\n1\r\n\r\n".encode())
    samples = list(read_corpus(texts, "tweet_eval"))
    assert [(s.text, s.target, s.stance, s.label) for s in samples] == [
        ("good \u2028 zoo", "zoos", "favor", "2"),
        ("bad zoo", "zoos", "against", "1"),
    ]
    assert str(samples[1].origin) == f"{texts}:2"
    labels.write_text("2\n3\n")
    with pytest.raises(UserError, match=r"train_text\.txt:2: unknown label '3'"):
        list(read_corpus(texts, "tweet_eval"))
    with pytest.raises(UserError, match=r"ends in _text\.txt"):
        list(read_corpus(labels, "tweet_eval"))
