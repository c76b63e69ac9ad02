"""gatbert build_graph: mistakes are one sentence, and leave nothing."""

import re
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.knowledge.dump import assertion, write_dump


def test_a_wrong_line_is_named_and_leaves_nothing(command_line: CommandLine, tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump.csv.gz", [assertion("en/a", "IsA", "en/b"), "four\tcolumns\tand no\tmore"])
    error = command_line.refused("build_graph", "--output", tmp_path / "graph", "--conceptnet", dump)
    assert re.search(r"dump\.csv\.gz:2: 4 columns instead of 5", error)
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv.gz"]


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


def test_a_relation_with_markup_is_built_and_printed(command_line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a[red]b.tsv"
    path.write_text("[/x]\x1b[31m\ta\tb\n")
    output = command_line("build_graph", "--output", tmp_path / "g'[red]", "--triples", path)
    assert "[/x]\\x1b[31m 1" in output
    assert str(tmp_path / "g'[red]") in output
