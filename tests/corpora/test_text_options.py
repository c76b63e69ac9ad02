"""Delimiter and encoding, where a file is written otherwise than its format."""

from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from tests.corpora.files import FORMATS, posts


def written(path: Path, encoding: str, delimiter: str = ";") -> Path:
    lines = [["text", "target", "stance"], ["café, no", "zoos", "favor"]]
    path.write_bytes("\n".join(delimiter.join(cells) for cells in lines).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("delimiter", "typed"), [(";", ";"), ("\t", "\\t"), ("|", "|"), (":", ":")])
def test_delimiter_and_encoding_are_as_they_are_said(tmp_path: Path, encoding: str, delimiter: str, typed: str) -> None:
    path = written(tmp_path / "a.csv", encoding, delimiter)
    (sample,) = read_corpus(path, "csv", delimiter=typed, encoding=encoding)
    assert (sample.text, sample.target, sample.stance) == ("café, no", "zoos", "favor")


def test_a_format_with_an_encoding_of_its_own_takes_another(tmp_path: Path) -> None:
    tweets = FORMATS["semeval"]
    path = tweets.write(tmp_path / "a.txt", posts(tweets))
    expected = [sample.text for sample in read_corpus(path, "semeval")]
    path.write_bytes(path.read_bytes().decode("cp1252").encode())
    assert [sample.text for sample in read_corpus(path, "semeval", encoding="utf-8")] == expected
    assert [sample.text for sample in read_corpus(path, "semeval")] != expected
    path.write_bytes(path.read_bytes() + b"\xe9\t\n")
    with pytest.raises(UserError, match="0xe9 is not utf-8"):
        list(read_corpus(path, "semeval", encoding="utf-8"))


@pytest.mark.parametrize(
    ("corpus_type", "options", "words"),
    [
        ("csv", {"delimiter": ";;"}, "delimiter ';;' is not accepted; accepted is one character"),
        ("csv", {"delimiter": '"'}, "is not accepted"),
        ("csv", {"encoding": "utf-88"}, "encoding 'utf-88' is not known; accepted are such as utf-8"),
        ("csv", {"encoding": "base64"}, "encoding 'base64' is not known"),
        ("jsonl", {"delimiter": ";"}, "corpus_type jsonl have no delimiter to choose; leave delimiter out"),
        ("graph", {"encoding": "utf-8"}, "corpus_type graph have no encoding to choose"),
        ("csv", {"delimiter": ":"}, "divided by semicolons, and ':' are expected; give delimiter ';'"),
    ],
)
def test_wrong_options(tmp_path: Path, corpus_type: str, options: dict[str, str], words: str) -> None:
    path = written(tmp_path / "a", "utf-8")
    with pytest.raises(UserError, match=words):
        list(read_corpus(path, corpus_type, **options))  # type: ignore[arg-type]  # strings by name
