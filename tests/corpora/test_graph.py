"""The older positional format of graph corpora."""

from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError
from gatbert.samples import GraphSample

LINE = "favor\t1\t2\t2\tzoos\tsave\tspecies\tzoo\twild_animal\t0,3,2\t3,0,2\t3,4,7"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_positional_lines_become_samples(tmp_path: Path) -> None:
    (sample,) = read_corpus(write(tmp_path / "old.tsv", LINE), "graph")
    assert isinstance(sample, GraphSample)
    assert (sample.target, sample.text, sample.stance) == ("zoos", "save species", "favor")
    assert (sample.words, sample.num_target_words) == (("zoos", "save", "species"), 1)
    assert sample.concepts == ("zoo", "wild animal")
    assert sample.edges.tolist() == [[0, 3, 3], [3, 0, 4], [2, 2, 7]]


def test_labels_can_be_mapped_and_samples_have_no_edges(tmp_path: Path) -> None:
    path = write(tmp_path / "old.txt", "1\t1\t1\t0\tzoos\tyes", "0\t1\t1\t0\tzoos\tno")
    samples = list(read_corpus(path, "graph", labels={"1": "favor", "0": "against"}))
    assert [sample.stance for sample in samples] == ["favor", "against"]
    assert isinstance(samples[0], GraphSample)
    assert samples[0].edges.shape == (3, 0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE.replace("\t1\t2\t2\t", "\tone\t2\t2\t"), "accepted are three counts"),
        ("favor\t1\t2\t9\tzoos\tsave\tspecies\tzoo", "cut short"),
        (LINE.replace("3,4,7", "3,9,7"), "outside the 5 nodes"),
        (LINE.replace("3,4,7", "3,4"), "no head,tail,relation"),
        (LINE.replace("3,4,7", "3,4,IsA"), "no head,tail,relation"),
        (LINE.replace("favor", "perhaps"), "unknown label 'perhaps'"),
    ],
)
def test_wrong_lines_are_named(tmp_path: Path, line: str, words: str) -> None:
    path = write(tmp_path / "old.tsv", LINE, line)
    with pytest.raises(UserError, match=rf"old\.tsv:2: .*{words}"):
        list(read_corpus(path, "graph"))


def test_columns_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no columns to map"):
        read_corpus(write(tmp_path / "old.tsv", LINE), "graph", columns={"text": "body"})


def test_empty_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the file is empty"):
        list(read_corpus(write(tmp_path / "old.tsv"), "graph"))
