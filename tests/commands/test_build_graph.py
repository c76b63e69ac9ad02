"""gatbert build_graph: mistakes are one sentence, and leave nothing."""

import bz2
import re
from pathlib import Path

import pytest

from gatbert.knowledge import KnowledgeGraph
from tests.command_line import CommandLine
from tests.knowledge.dump import CSKG, assertion, causal, write_dump, write_wikidata5m


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
    arguments = ["--output", tmp_path / "g'[red]", "--triples", path, "--aliases", "false"]
    output = command_line("build_graph", *arguments)
    assert "[/x]\\x1b[31m 1" in output
    assert str(tmp_path / "g'[red]") in output


def test_aliases_go_along_with_other_sources_unless_told_otherwise(command_line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("IsA\tzoo\tplace\n")
    for name, arguments in (("with", []), ("without", ["--aliases", "false"])):
        command_line("build_graph", "--output", tmp_path / name, "--triples", tmp_path / "t.tsv", *arguments)
    graph, without = KnowledgeGraph(tmp_path / "with"), KnowledgeGraph(tmp_path / "without")
    assert [source["kind"] for source in graph.meta.sources] == ["triples", "aliases"]
    assert graph.concept_id("POTUS") is not None
    assert without.concept_id("POTUS") is None
    assert [source["kind"] for source in without.meta.sources] == ["triples"]
    # They are extras: a choice that leaves none of them is no mistake
    some = ["--keep_relations", "[UsedFor]", "--triples_columns", "[head, relation, tail]"]
    (tmp_path / "t.tsv").write_text("zoo\tUsedFor\tresearch\n")
    command_line("build_graph", "--output", tmp_path / "some", "--triples", tmp_path / "t.tsv", *some)


def test_all_sources_are_read_by_their_flags(command_line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl.bz2").write_bytes(bz2.compress(causal("smoking", "cancer").encode()))
    (tmp_path / "k.tsv").write_text(CSKG)
    write_wikidata5m(tmp_path / "wikidata5m")
    (tmp_path / "posts.csv").write_text("text,target,stance\nI love it,NYC,pro\n")
    files = [
        "--causenet",
        tmp_path / "c.jsonl.bz2",
        "--kgtk",
        tmp_path / "k.tsv",
        "--wikidata5m",
        tmp_path / "wikidata5m",
    ]
    keep = ["--wikidata5m_keep", tmp_path / "posts.csv"]
    command_line("build_graph", "--output", tmp_path / "graph", *files, *keep, "--aliases", "false")
    graph = KnowledgeGraph(tmp_path / "graph")
    assert {source["kind"] for source in graph.meta.sources} == {"wikidata5m", "causenet", "kgtk"}
    assert {"Causes", "PlaceOfBirth", "Synonym"} <= set(graph.relations.names)
    assert graph.concept_id("village") is None
