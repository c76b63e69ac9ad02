"""The older positional format of graph corpora."""

import csv
import tracemalloc
from pathlib import Path

import pytest

from gatbert.corpora import read_corpus, read_relations
from gatbert.errors import UserError
from gatbert.samples import GraphSample
from gatbert.samples.relations import Relations
from gatbert.samples.words import word_spans

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


PUBLISHED = [
    [
        "1",
        "1",
        "4",
        "2",
        "zoos",
        "they",
        "said",
        '"',
        "no",
        "/c/en/zoo",
        "/c/en/wild_animal/n/wn",
        "0,5,2",
        "5,0,2",
        "5,6,7",
    ],
    ["2", "1", "2", "0", 'a "b', "line\nbreak", "tab\there"],
    ["0", "2", "1", "1", "'", "zoos", "what", "/c/en/zoo/n", "1,3,2"],
]


def test_files_of_the_published_tool_are_read_as_it_writes_them(tmp_path: Path) -> None:
    """It writes them by Python's csv module, with tabs; 0 is none, 1 against, 2 favor; concepts are URIs."""
    path = tmp_path / "old.tsv"
    with path.open("w", encoding="utf-8") as file:
        csv.writer(file, delimiter="\t").writerows(PUBLISHED)
    samples = list(read_corpus(path, "graph"))
    assert [sample.stance for sample in samples] == ["against", "favor", "neutral"]
    first, second, third = (sample for sample in samples if isinstance(sample, GraphSample))
    assert first.words == ("zoos", "they", "said", '"', "no")
    assert (first.concepts, third.concepts) == (("zoo", "wild animal"), ("zoo",))
    assert first.edges.tolist() == [[0, 5, 5], [5, 0, 6], [2, 2, 7]]
    assert second.words == ('a "b', "line\nbreak", "tab\there")
    assert [str(sample.origin) for sample in samples] == [f"{path}:{row}" for row in (1, 2, 4)]
    for sample in (first, second, third):
        word_spans(sample.text, sample.words[sample.num_target_words :])
    relations = read_relations(path, "graph")
    assert relations is not None
    assert relations.labels() == [*Relations(()).labels(), *(f"relation {n}" for n in range(3, 8))]
    assert not relations.is_reverse().any()


def test_words_numbers_and_own_labels_are_stances(tmp_path: Path) -> None:
    lines = [f"{label}\t1\t1\t0\tzoos\tyes{number}" for number, label in enumerate(["favor", "2", "con", "AGAINST"])]
    path = write(tmp_path / "old.tsv", *lines)
    assert [sample.stance for sample in read_corpus(path, "graph")] == ["favor", "favor", "against", "against"]
    vast = write(tmp_path / "vast.tsv", "0\t1\t1\t0\tzoos\tno", "1\t1\t1\t0\tzoos\tyes")
    labels = {"0": "against", "1": "favor", "2": "neutral"}
    assert [sample.stance for sample in read_corpus(vast, "graph", labels=labels)] == ["against", "favor"]
    with pytest.raises(UserError, match=r"old\.tsv:2: unknown label '2'; known labels are 'against', 'con'"):
        list(read_corpus(write(tmp_path / "old.tsv", *lines[3:], *lines[1:]), "graph", stances=["against"]))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("favor\t1\t1\t1\ta\tb\tc\t0,2,99999999999", "the edge '0,2,99999999999' is no head,tail,relation"),
        ("favor\t1\t1\t1\ta\tb\tc\t0,2,200000000", "relation id 200000000; accepted is 1 to 15999"),
        ("favor\t1\t1\t1\ta\tb\tc\t0,-1,2", "the edge '0,-1,2' is no head,tail,relation"),
        ("favor\t1\t1\t1\ta\tb\tc\t0,2,0", "relation id 0"),
        ("favor\t1\t1\t1\ta\tb\tc\t0,2,2,9", "is no head,tail,relation"),
        ("favor\t1\t1\t1\ta\tb\tc\t" + "9" * 5000 + ",2,2", "is no head,tail,relation"),
        ("favor\t-1\t1\t1\ta\tb\tc", "accepted are three counts"),
        ("favor\t1\t0\t1\ta\tb\tc", "accepted are three counts"),
        ("favor\t1\t1\t-1\ta\tb\tc", "accepted are three counts"),
        ("favor\t1\t1\t999999999\ta\tb\tc", "cut short"),
        ("favor\t1\t1\t" + "9" * 5000 + "\ta\tb\tc", "accepted are three counts"),
        ("favor\t1\t1\t\u0661\ta\tb\tc", "accepted are three counts"),
        ("favor", "accepted are three counts"),
        ("favor\t1\t1\t1\ta\tb\t/c/en/", "'/c/en/' names no concept"),
        ("favor\t1\t1\t1\ta\tb\t_", "'_' names no concept"),
        ('favor\t1\t1\t1\ta\t"b\tc', "a quote is not closed or the file is cut short"),
    ],
)
def test_numbers_beyond_all_bounds_are_named_at_once(tmp_path: Path, line: str, words: str) -> None:
    path = write(tmp_path / "old.tsv", "against\t1\t1\t0\ta\tb", line)
    tracemalloc.start()
    try:
        for read in (lambda: list(read_corpus(path, "graph")), lambda: read_relations(path, "graph")):
            with pytest.raises(UserError, match=rf"old\.tsv:2: .*{words}"):
                read()
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_byte_that_is_not_utf8_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "old.tsv"
    path.write_bytes(b"favor\t1\t1\t0\tzoos\tyes\n" * 50 + b"favor\t1\t1\t0\tzoos\t\xe9\n")
    with pytest.raises(UserError, match=r"old\.tsv:51: byte 0xe9 is not UTF-8"):
        list(read_corpus(path, "graph"))
