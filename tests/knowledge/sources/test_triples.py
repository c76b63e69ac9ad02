"""Each source: what it reads, and the one sentence that each mistake in it gets."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from tests.knowledge.dump import edges


def triples_graph(tmp_path: Path, text: str, name: str = "t.tsv", **options: Any) -> KnowledgeGraph:
    (tmp_path / name).write_text(text)
    source = Triples(str(tmp_path / name), **options)
    return KnowledgeGraph(build_graph(tmp_path / "graph", Sources(triples=[source])))


def test_triples_in_any_column_order_phrases_or_uris(tmp_path: Path) -> None:
    graph = triples_graph(
        tmp_path,
        'what,from,note,to\n"IsA",/c/en/wind_power/n,x,"Energy, clean"\nUsedFor, Wind  Power ,y,light\n',
        "t.csv",
        columns=("relation", "head", "_", "tail"),
        header=True,
    )
    assert edges(graph) == {
        ("en/wind_power", "IsA", "en/energy,_clean", 1.0),
        ("en/wind_power", "UsedFor", "en/light", 1.0),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IsA\ta\tb\nIsA\ta\n", r"t\.tsv:2: 2 columns instead of 3"),
        ("IsA\ta\t \n", r"t\.tsv:1: the tail is empty"),
        ("", r"t\.tsv: the file has no triples"),
        (
            "IsA\t/c/en\twind\n",
            r"t\.tsv:1: the head '/c/en' names no concept; accepted are phrases, or /c/LANGUAGE/TERM",
        ),
        ("IsA\twind\t/c/en/\n", r"t\.tsv:1: the tail '/c/en/' names no concept"),
        ("IsA\twind\t/c//a\n", r"t\.tsv:1: the tail '/c//a' names no concept"),
        ("IsA\twind\t/c/en/_\n", r"t\.tsv:1: the tail '/c/en/_' names no concept"),
        ("IsA\twind\t/\n", r"t\.tsv:1: the tail '/' names no concept"),
        ("IsA\twind\t___\n", r"t\.tsv:1: the tail '___' names no concept"),
        ("IsA\twind\t\u0301\n", r"t\.tsv:1: the tail .* names no concept"),
    ],
)
def test_wrong_triples_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        triples_graph(tmp_path, text)


def test_bytes_of_triples_that_are_not_utf8_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes(b"IsA\ta\tb\n" * 101 + b"IsA\t\xe9\tb\n")
    for name in ("t.tsv", "t.tsv.gz"):
        (tmp_path / name).write_bytes(gzip.compress(path.read_bytes()) if name.endswith("gz") else path.read_bytes())
        with pytest.raises(UserError, match=rf"{name}:102: byte 0xe9 is not UTF-8"):
            build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / name))]))
    whole = gzip.compress(b"".join(b"IsA\ta\tb%d\n" % n for n in range(9999)))
    (tmp_path / "t.tsv.gz").write_bytes(whole[:-20])
    with pytest.raises(UserError, match=r"t\.tsv\.gz:\d+: the gzip file is cut short"):
        build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / "t.tsv.gz"))]))


def test_a_byte_order_mark_is_no_part_of_a_relation(tmp_path: Path) -> None:
    assert edges(triples_graph(tmp_path, "\ufeffIsA\ta\tb\n")) == {("en/a", "IsA", "en/b", 1.0)}


@pytest.mark.parametrize("weight", ["nan", "inf", "-inf", "heavy"])
def test_a_weight_that_is_no_number_is_named(tmp_path: Path, weight: str) -> None:
    with pytest.raises(UserError, match=rf"t\.tsv:1: the weight '{weight}' is no number"):
        triples_graph(tmp_path, f"IsA\ta\tb\t{weight}\n", columns=("relation", "head", "tail", "weight"))


@pytest.mark.parametrize("num_lines", [60, 900, pytest.param(40_000, marks=pytest.mark.slow)])
def test_columns_in_another_order_show_the_first_lines(tmp_path: Path, num_lines: int) -> None:
    text = "".join(f"thing {n}\tIsA\tplace {n % 7}\n" for n in range(num_lines))
    with pytest.raises(
        UserError, match=r"different relations in [\d,]+ lines .*'thing 0 \| IsA \| place 0', .*--triples_columns"
    ):
        triples_graph(tmp_path, text)
    assert [path.name for path in tmp_path.iterdir()] == ["t.tsv"]
    graph = triples_graph(tmp_path, text, columns=("head", "relation", "tail"))
    assert graph.relations.names == ("IsA",)


def test_a_table_of_posts_is_no_graph(tmp_path: Path) -> None:
    text = "text,target,stance\n" + "".join(f'"A post, the {n}th",zoos {n % 5},favor\n' for n in range(100))
    with pytest.raises(UserError, match=r"101 different relations in 101 lines .*'text \| target \| stance'"):
        triples_graph(tmp_path, text, "posts.csv")
