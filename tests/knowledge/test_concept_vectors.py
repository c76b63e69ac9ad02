"""Vectors of concepts in the formats in which they come."""

import gzip
import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from gatbert.errors import UserError
from gatbert.knowledge.concept_vectors import ConceptVectors, write_vectors
from gatbert.samples.sentinels import NO_VECTOR

NUMBERBATCH = "4 3\n/c/en/wind_power 1 2 3\n/c/fr/éolienne 4 5 6\n/c/en/café 7 8 9\n/c/en/zoo -1 0.5 1e-3\n"


def looked_up(source: Path, phrase: str, language: str = "en") -> list[float] | None:
    vectors = ConceptVectors(str(source), language)
    (row,) = vectors.rows([phrase])
    return None if row == NO_VECTOR else vectors.take(np.array([row]))[0].tolist()


@pytest.mark.parametrize("name", ["numberbatch.txt", "numberbatch.txt.gz"])
def test_numberbatch_is_read_in_one_language(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(NUMBERBATCH.encode()) if name.endswith("gz") else NUMBERBATCH.encode())
    assert looked_up(path, "Wind power") == [1, 2, 3]
    assert looked_up(path, "cafe") == [7, 8, 9]
    assert looked_up(path, "zoo") == pytest.approx([-1, 0.5, 1e-3])
    assert looked_up(path, "éolienne") is None
    assert looked_up(path, "éolienne", language="fr") == [4, 5, 6]
    assert looked_up(path, "nowhere") is None


def test_plain_word2vec_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "mine.vec"
    path.write_text("zoo 1 2\nwind_power 3 4\nZoo 5 6\n")
    assert looked_up(path, "wind power") == [3, 4]
    assert looked_up(path, "zoo") == [1, 2]  # the first of two counts


def test_text_is_converted_once_and_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.vec"
    path.write_text("zoo 1 2\n")
    first = ConceptVectors(str(path))
    assert ConceptVectors(str(path)).identity == first.identity
    path.write_text("zoo 1 2 3\n")
    assert ConceptVectors(str(path)).size == 3


def test_a_folder_and_a_pickled_copy(tmp_path: Path) -> None:
    write_vectors(tmp_path, ["wind power", "zoo"], np.array([[1.0, 2], [3, 4]], np.float32))
    vectors = pickle.loads(pickle.dumps(ConceptVectors(str(tmp_path))))  # noqa: S301
    assert vectors.rows(["Zoo", "tax", "wind_power"]).tolist() == [1, NO_VECTOR, 0]
    assert vectors.take(np.array([1, NO_VECTOR])).tolist() == [[3, 4], [0, 0]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"zoo 1 2\ntax 1\n", r"mine.vec:2: 1 numbers where there are 2"),
        (b"zoo one two\n", r"mine.vec:1: .*accepted is a phrase without spaces, then numbers"),
        (b"zoo\n", r"mine.vec:1: 0 numbers"),
        (b"", "no vector of language 'en'"),
        (b"/c/de/Zoo 1 2\n", "no vector of language 'en'"),
        (b"zoo 1 2\n\xff\xfe 1 2\n", r"mine.vec:2: byte 0xff is not UTF-8"),
    ],
)
def test_wrong_text_is_named_and_leaves_nothing(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "mine.vec").write_bytes(content)
    for _ in range(2):  # no half-converted copy is found the second time
        with pytest.raises(UserError, match=words):
            ConceptVectors(str(tmp_path / "mine.vec"))


def test_what_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist; accepted are a folder"):
        ConceptVectors(str(tmp_path / "nothing"))
    with pytest.raises(UserError, match=r"vectors\.npy is missing"):
        ConceptVectors(str(tmp_path))
    write_vectors(tmp_path, ["zoo"], np.zeros((2, 3), np.float32))
    with pytest.raises(UserError, match="names 1 phrases for 2 vectors"):
        ConceptVectors(str(tmp_path)).rows(["zoo"])
    np.save(tmp_path / "vectors.npy", np.zeros(3))
    with pytest.raises(UserError, match=r"no array of numbers with 2 axes, but of float64, shape \(3,\)"):
        ConceptVectors(str(tmp_path))
    (tmp_path / "vectors.npy").write_bytes(b"rubbish")
    with pytest.raises(UserError, match="is damaged"):
        ConceptVectors(str(tmp_path))
    cut = tmp_path / "cut.txt.gz"
    cut.write_bytes(gzip.compress(NUMBERBATCH.encode())[:-12])
    with pytest.raises(UserError, match="cut short"):
        ConceptVectors(str(cut))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"/c/en 1 2\n", r"mine\.vec:1: '/c/en 1 2.*' names no concept"),
        (b"zoo 1 2\n/c/en/ 1 2\n", r"mine\.vec:2: .* names no concept"),
        (b"3 2\nzoo 1 2\ntax 1 2\n", r"2 lines of vectors, and its first line says 3; it is cut short"),
        (b"1 2\nzoo 1 2\ntax 1 2\n", r"2 lines of vectors, and its first line says 1"),
        (b"zoo 1 nan\n", r"mine\.vec:1: a number is not finite"),
        (b"zoo 1 1e99\n", r"mine\.vec:1: a number is not finite"),
    ],
)
def test_text_that_is_cut_or_says_nothing_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "mine.vec").write_bytes(content)
    with pytest.raises(UserError, match=words):
        ConceptVectors(str(tmp_path / "mine.vec"))


def test_arrays_that_are_none_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.npy"
    (tmp_path / "mine.txt").write_text("zoo\ntax\n")
    archive = io.BytesIO()
    np.savez(archive, a=np.zeros((2, 2)))
    whole = io.BytesIO()
    np.save(whole, np.zeros((2, 2)))
    contents = [b"", archive.getvalue(), b"\x80\x04N.", whole.getvalue()[:-1], whole.getvalue() + b"\0"]
    for array in (np.array([["a", "b"]]), np.zeros((2, 2), complex), np.array([[None]]), np.zeros((2, 0))):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=True)
        contents.append(file.getvalue())
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"concept_vectors .*mine\.npy"):
            ConceptVectors(str(path))
    np.save(path, np.array([[1.0, np.nan], [1, 2]]))
    with pytest.raises(UserError, match="has numbers that are not finite"):
        ConceptVectors(str(path)).take(np.array([0]))


@pytest.mark.parametrize("phrase", ["a\u2028b", "a\x0cb", "a\x85b", "a\x1cb"])
def test_only_line_ends_end_a_phrase(tmp_path: Path, phrase: str) -> None:
    write_vectors(tmp_path, [phrase, "zoo"], np.array([[1.0, 2], [3, 4]], np.float32))
    assert looked_up(tmp_path, phrase) == [1, 2]
    assert looked_up(tmp_path, "zoo") == [3, 4]
    path = tmp_path / "mine.vec"
    path.write_text(f"{phrase} 1 2\nzoo 3 4\n", encoding="utf-8", newline="\n")
    assert looked_up(path, phrase) == [1, 2]
