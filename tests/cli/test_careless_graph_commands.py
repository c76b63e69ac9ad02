"""build_graph, tag, inspect_graph and embed_graph with careless arguments, texts and files."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from gatbert.corpora.graph_corpus import read_graph_corpus
from tests.commands import CommandLine
from tests.knowledge.dump import graph_of
from tests.knowledge.test_damaged_graphs import edit, put, rewrite

TRIPLES = [("zoo", "RelatedTo", "animal"), ("cage", "AtLocation", "zoo"), ("x", "Is[/blue]A\x1b[31m", "zoo [/bold]")]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return graph_of(tmp_path / "mine", TRIPLES).folder


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(
        "id,text,target,stance\n"
        '[/red],"The cage [/blue] \x1b[31mred\x07 zoo [bold]\nnext",zoos [/blue] \x1b]0;t\x07 x,against\n'
        "2,A cage,zoos,favor\n"
    )
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--max_concepts", "-3"], "max_concepts -3 is not accepted; accepted is at least 0"),
        (["--hops", "-1"], "hops -1 is not accepted; accepted is at least 0"),
        (["--degree_cap", "-1"], "degree_cap -1 is not accepted; accepted is at least 0"),
        (["--min_relevance", "1.5"], "min_relevance 1.5 is not accepted; accepted is -1 to 1"),
        (["--min_relevance", ".nan"], "min_relevance nan is not accepted; accepted is -1 to 1"),
        (["--linking.max_words", "0"], "linking.max_words 0 is not accepted; accepted is at least 1"),
        (["--linking.degree_cap", "-2"], "linking.degree_cap -2 is not accepted; accepted is at least 0"),
        (["--num_workers", "-1"], "num_workers -1 is not accepted; accepted is at least 0"),
        (["--shard", "0/4"], "shard '0/4' is none"),
        (["--shard", "1/0"], "shard '1/0' is none"),
        (["--shard", "1/99999999999999"], "is none; accepted is I/N"),
        (["--duplicates", "ignore"], "ignore"),
        (["--max_concepts", "many"], "many"),
    ],
)
def test_tag_refuses_numbers_that_cannot_be(
    command_line: CommandLine, graph: Path, posts: Path, arguments: list[str], words: str
) -> None:
    out = posts.parent / "out"
    error = command_line.refused("tag", "--graph", graph, "--output", out, "--train", posts, *arguments)
    assert words in error
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--threads", "0"], "threads 0 is not accepted; accepted is 1 to 1024"),
        (["--max_relations", "0"], "max_relations 0 is not accepted"),
        (["--min_weight", ".nan"], "min_weight nan is not accepted"),
        (["--memory_limit", "1'GB"], 'memory_limit "1\'GB" is no size'),
        (["--languages", "[]"], "languages is empty"),
        (["--triples_columns", "[head, tail]"], "lacks relation"),
    ],
)
def test_build_graph_refuses_numbers_that_cannot_be(
    command_line: CommandLine, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "t.tsv").write_text("IsA\ta\tb\n")
    error = command_line.refused("build_graph", "--output", tmp_path / "g", "--triples", tmp_path / "t.tsv", *arguments)
    assert words in error
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("size", 0), ("epochs", 0), ("batch_size", -1), ("learning_rate", 0), ("learning_rate", -1), ("patience", 0),
     ("num_held_out", 0), ("seed", -1), ("learning_rate", ".nan")],
)  # fmt: skip
def test_embed_graph_refuses_numbers_that_cannot_be(
    command_line: CommandLine, graph: Path, tmp_path: Path, name: str, value: float | str
) -> None:
    error = command_line.refused("embed_graph", "--graph", graph, "--output", tmp_path / "e", f"--{name}", str(value))
    assert (
        f"{name} {float(str(value).strip('.')) if name == 'learning_rate' else value} is not accepted; accepted is"
        in error
    )


def test_texts_reach_the_terminal_as_they_are_and_do_nothing(
    command_line: CommandLine, graph: Path, posts: Path
) -> None:
    out = posts.parent / "out [/blue]"
    output = command_line("tag", "--graph", graph, "--output", out, "--train", posts)
    assert "zoos [/blue] \\x1b" in output
    assert str(out) in output
    corpus = out / "train.parquet"
    output += command_line("inspect_graph", "--corpus", corpus, "--sample", "[/red]", "--output", out / "[x].svg")
    assert "[/red]  target: zoos [/blue] \\x1b]0;t\\x07 x  stance: against" in output
    assert "The cage [/blue] \\x1b[31mred\\x07 zoo [bold]\nnext" in output
    assert str(out / "[x].svg") in output
    output += command_line("inspect_graph", "--graph", graph, "--concept", "x")
    assert "Is[/blue]A\\x1b[31m" in output
    assert "zoo [ bold]" in output  # a slash is no part of a phrase
    assert "\x1b" not in output
    assert "\x07" not in output
    assert next(read_graph_corpus(corpus)).sample.text.startswith("The cage [/blue] \x1b[31mred")


def test_a_relation_with_markup_is_built_and_printed(command_line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a[red]b.tsv"
    path.write_text("[/x]\x1b[31m\ta\tb\n")
    output = command_line("build_graph", "--output", tmp_path / "g'[red]", "--triples", path)
    assert "[/x]\\x1b[31m 1" in output
    assert str(tmp_path / "g'[red]") in output


def test_a_graph_is_verified_on_demand(command_line: CommandLine, graph: Path, posts: Path) -> None:
    verify = ["inspect_graph", "--graph", graph, "--verify", "true"]
    checksum = json.loads((graph / "meta.json").read_text())["checksum"][:12]
    output = command_line(*verify)
    assert re.search(rf"is whole: 8 files, .* have the checksum {checksum} .* of 5 concepts and 3 edges exist", output)
    command_line("tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts)
    corpus = posts.parent / "out" / "train.parquet"
    output = command_line(*verify, "--corpus", corpus)
    assert f"2 samples, tagged with the graph {checksum} ({graph}), which is this one" in output
    assert "2 samples" in command_line("inspect_graph", "--corpus", corpus, "--verify", "true")
    assert "cage" in command_line(*verify, "--concept", "zoo")
    other = graph_of(posts.parent, [("a", "IsA", "b")]).folder
    error = command_line.refused("inspect_graph", "--graph", other, "--corpus", corpus, "--verify", "true")
    assert f"was tagged with the graph {checksum} ({graph}), and {other} is " in error
    rewrite(graph, "weights", put(0, 1.5))
    assert "the checksum over its arrays is" in command_line.refused(*verify)
    edit(graph, lambda meta: meta.pop("relations"))
    assert "meta.json is damaged: 'relations' is missing" in command_line.refused(*verify)
    assert "there is nothing to verify" in command_line.refused("inspect_graph", "--verify", "true")


def test_a_damaged_graph_is_one_sentence_in_every_command(command_line: CommandLine, graph: Path, posts: Path) -> None:
    rewrite(graph, "neighbours", lambda array: np.full_like(array, 9999))
    folder = posts.parent
    words = f"--graph {graph} --verify true says more"
    assert words in command_line.refused("inspect_graph", "--graph", graph, "--concept", "zoo")
    tag = ["tag", "--graph", graph, "--output", folder / "out", "--train", posts]
    assert words in command_line.refused(*tag)
    assert words in command_line.refused(*tag, "--num_workers", "1")
    assert words in command_line.refused("embed_graph", "--graph", graph, "--output", folder / "e")
    assert not (folder / "out").exists()


def test_max_edges_has_its_range(command_line: CommandLine, graph: Path) -> None:
    error = command_line.refused("inspect_graph", "--graph", graph, "--concept", "zoo", "--max_edges", "0")
    assert "max_edges 0 is not accepted; accepted is at least 1" in error


def test_a_similarity_that_cannot_be_loaded_is_said_once(command_line: CommandLine, graph: Path, posts: Path) -> None:
    tag = ["tag", "--graph", graph, "--output", posts.parent / "out", "--train", posts, "--similarity", "./nowhere"]
    for workers in ("0", "2"):
        assert "nowhere" in command_line.refused(*tag, "--num_workers", workers)
    assert not (posts.parent / "out").exists()
