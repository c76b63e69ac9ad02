"""SemEval's files: their marker, their encoding, their annotations."""

import time
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.corpora.semeval import without_marker


def test_a_semeval_file_that_was_saved_as_utf_8_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "saved.txt"
    path.write_text("ID\tTarget\tTweet\tStance\r\n1\tA\tcafé \u2013 x\tFAVOR\r\n", encoding="utf-8-sig")
    assert next(read_corpus(path, "semeval")).text == "café \u2013 x"


@pytest.mark.parametrize(
    "text", [" " * 400_000 + "x", "#SemST " * 60_000 + "x", "x" + " #SemST" * 60_000, "#SemST" * 60_000]
)
def test_the_marker_of_semeval_is_cut_in_linear_time(text: str) -> None:
    started = time.monotonic()
    assert without_marker(text) in ("x", "", text.strip())
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("so be it #SemST", "so be it"),
        ("a#semst #SEMST \t", "a"),
        ("#SemST is it", "#SemST is it"),
        (" emST", "emST"),
        ("", ""),
    ],
)
def test_the_marker_of_semeval(text: str, rest: str) -> None:
    assert without_marker(text) == rest


def test_semeval_release_with_marker_windows_1252_and_unknown_gold(tmp_path: Path) -> None:
    path = tmp_path / "release.txt"
    path.write_bytes(
        b"ID\tTarget\tTweet\tStance\r\n"
        b'1\tAtheism\tHe said "\x93no\x94 \x9d #SemST\tAGAINST\r\n'
        b"2\tAtheism\t#SemST is in the middle #semst\tUNKNOWN\r\n"
    )
    first, second = read_corpus(path, "semeval")
    assert first.text == 'He said "“no” \x9d'
    assert (second.text, second.stance) == ("#SemST is in the middle", None)


def test_semeval_annotations_become_flags(tmp_path: Path) -> None:
    path = tmp_path / "all.txt"
    path.write_text(
        "ID\tTarget\tTweet\tStance\tOpinion towards\tSentiment\n1\tA\tx\tFAVOR\tTARGET\tPOSITIVE\n", encoding="cp1252"
    )
    (sample,) = read_corpus(path, "semeval")
    assert sample.meta == {"opinion_towards": "TARGET", "sentiment": "POSITIVE"}
