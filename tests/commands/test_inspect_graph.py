"""gatbert inspect_graph: graphs and samples are drawn and verified."""

import json
import re
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.knowledge.damage import edit, put, rewrite
from tests.knowledge.dump import graph_of
from tests.markup import write_graph, write_posts


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return write_graph(tmp_path)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return write_posts(tmp_path)


def test_a_graph_is_verified_on_demand(command_line: CommandLine, graph: Path, posts: Path) -> None:
    verify = ["inspect_graph", "--graph", graph, "--verify", "true"]
    checksum = json.loads((graph / "meta.json").read_text())["checksum"][:12]
    output = command_line(*verify)
    assert re.search(rf"is whole: 11 files, .* have the checksum {checksum} .* of 5 concepts and 3 edges exist", output)
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


def test_max_edges_has_its_range(command_line: CommandLine, graph: Path) -> None:
    error = command_line.refused("inspect_graph", "--graph", graph, "--concept", "zoo", "--max_edges", "0")
    assert "max_edges 0 is not accepted; accepted is at least 1" in error
