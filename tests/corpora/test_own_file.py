"""A file of one's own: its rows stay what they are, whatever else is in it."""

import csv
import json
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gatbert.corpora import CORPUS_TYPES
from gatbert.corpora.graph_corpus import GraphCorpusInfo, write_graph_corpus
from gatbert.corpora.own_file import OwnFile, OwnType, own_type
from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.samples import GraphSample
from tests.knowledge.dump import graph_of
from tests.tagged import TRIPLES, tagged_samples

ROWS: list[dict[str, Any]] = [
    {"post": "wind is good", "topic": "wind power", "label": "whatever", "likes": 3, "tags": ["a", None]},
    {"post": "wind is bad", "topic": "wind power", "label": "", "likes": None, "tags": []},
    {"post": "wind is good", "topic": "zoo", "label": "no stance", "likes": 1.5, "tags": None},
]
COLUMNS = {"text": "post", "target": "topic"}


def write(path: Path) -> Path:
    """Write the rows in the format of an ending."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    else:
        with path.open("w", newline="") as file:
            rows = [list(ROWS[0]), *(row.values() for row in ROWS)]
            csv.writer(file, delimiter="," if path.suffix == ".csv" else "\t").writerows(rows)
    return path


def opened(path: Path, **options: Any) -> OwnFile:
    return OwnFile(**{"path": path, "corpus_type": own_type(path), "columns": COLUMNS, **options})


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_every_row_has_its_sample_and_is_as_it_was(ending: str, tmp_path: Path) -> None:
    file = opened(write(tmp_path / f"posts{ending}"))
    found = list(file.rows())
    assert [(sample.text, sample.target) for _, sample in found] == [(row["post"], row["topic"]) for row in ROWS]
    assert all(sample.stance is None and not sample.meta for _, sample in found)
    if ending in (".jsonl", ".parquet"):
        assert [row for row, _ in found] == ROWS
    else:
        assert [row["likes"] for row, _ in found] == ["3", "", "1.5"]
    survey = file.survey()
    assert (survey.num_rows, survey.columns) == (3, tuple(ROWS[0]))
    assert [row for row, _ in file.rows(1, 2)] == [row for row, _ in found][1:2]


def test_one_target_for_all_needs_no_column_and_wins_over_one(tmp_path: Path) -> None:
    path = write(tmp_path / "posts.csv")
    file = opened(path, columns={"text": "post"}, constants={"target": "tax", "language": "de"})
    assert {(sample.target, sample.meta["language"]) for _, sample in file.rows()} == {("tax", "de")}
    with pytest.raises(UserError, match=r"no column 'target' for target; give one target for all \(--target\)"):
        opened(path, columns={"text": "post"}).survey()


def test_what_the_classifier_reads_besides_must_be_there(tmp_path: Path) -> None:
    path = write(tmp_path / "posts.jsonl")
    with pytest.raises(UserError, match="there is no column 'context' for context"):
        opened(path, fields=frozenset({"context"})).survey()
    file = opened(path, fields=frozenset({"context"}), columns={**COLUMNS, "context": "label"})
    assert [sample.context for _, sample in file.rows()] == ["whatever", "", "no stance"]
    assert [sample.context for _, sample in opened(path, columns={**COLUMNS, "context": "label"}).rows()] == [
        "",
        "",
        "",
    ]


def test_published_formats_leave_out_what_is_no_part_of_them(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_bytes("ID\tTarget\tTweet\tStance\n1\tAtheism\tcaf\xe9 #SemST\tUNHEARD\n".encode("cp1252"))
    ((row, sample),) = OwnFile(path=path, corpus_type="semeval").rows()
    assert (sample.text, row["Tweet"], row["Stance"]) == ("café", "café #SemST", "UNHEARD")


def test_a_tagged_corpus_comes_with_its_graphs(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    graph: KnowledgeGraph = graph_of(tmp_path / "mine", TRIPLES)
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    write_graph_corpus(tmp_path / "tagged.parquet", tagged_samples(graph), info)
    file = OwnFile(path=tmp_path / "tagged.parquet", corpus_type="parquet")
    found = list(file.rows())
    assert all(isinstance(sample, GraphSample) and sample.concepts for _, sample in found)
    assert file.survey().columns == ("id", "text", "target", "stance", "style")
    with pytest.raises(UserError, match="a graph corpus has its own target"):
        OwnFile(path=file.path, corpus_type="parquet", constants={"target": "tax"}).survey()


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("post,topic\na,b\n,b\n", {}, r"posts\.csv:3: the text is empty"),
        ("post,topic\n", {}, "no rows"),
        ("post,topic\na,b,c\n", {}, "3 cells instead of 2"),
        ("a,topic\na,b\n", {}, "no column 'post' for text"),
        ("post,topic\na,b\n", {"columns": {"txt": "post"}}, "did you mean text"),
        ("post,topic\na,b\n", {"columns": {**COLUMNS, "target": None}}, "columns drops target"),
        ("post,topic\na,b\n", {"delimiter": "::"}, "delimiter '::' is not accepted"),
    ],
)
def test_what_is_wrong_is_named(text: str, options: dict[str, Any], words: str, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(text)
    with pytest.raises(UserError, match=words):
        opened(tmp_path / "posts.csv", **options).survey()


def test_the_format_is_that_of_the_user_of_a_published_corpus_or_of_the_ending() -> None:
    assert own_type(Path("a.txt"), "tsv", "vast") == "tsv"
    assert own_type(Path("a.csv"), None, "vast") == "vast"
    assert own_type(Path("a.JSONL"), None, "csv") == "jsonl"
    assert own_type(Path("a.txt"), None, "csv") == "csv"
    assert own_type(Path("a.csv"), None, "graph") == "csv"
    with pytest.raises(UserError, match=r"a\.txt: its ending tells no format"):
        own_type(Path("a.txt"))
    assert {*get_args(OwnType)} - {"parquet"} == {*CORPUS_TYPES} - {"graph", "synthetic"}


def test_ids_are_no_matter(tmp_path: Path) -> None:
    """What would have to be remembered of a million rows is not: they may have one id twice."""
    (tmp_path / "posts.csv").write_text("id,text,target\n1,a,b\n1,c,d\n")
    file = OwnFile(path=tmp_path / "posts.csv", corpus_type="csv")
    assert [sample.id for _, sample in file.rows()] == ["2", "3"]
