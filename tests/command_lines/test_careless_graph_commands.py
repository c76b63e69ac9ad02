"""build_graph, tag, inspect_graph and embed_graph with careless arguments, texts and files."""

from pathlib import Path

import numpy as np
import pytest

from gatbert.corpora.graph_corpus import read_graph_corpus
from tests.command_line import CommandLine
from tests.knowledge.damage import rewrite
from tests.markup import write_graph, write_posts


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return write_graph(tmp_path)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return write_posts(tmp_path)


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
