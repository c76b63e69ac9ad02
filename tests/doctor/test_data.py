"""Corpora are read as the run would read them; whole commands are in ``tests/commands/test_doctor.py``."""

from pathlib import Path

from gatbert.doctor.data import look_at_data, look_at_graph
from tests.doctor.planted import tagged_corpora
from tests.doctor.runs import asked
from tests.knowledge.dump import graph_of
from tests.tiny import corpus_rows, write_corpus


def test_the_demo_is_counted() -> None:
    (finding,) = look_at_data(asked())
    assert finding.state == "ok"
    assert finding.what.startswith("train 438, val 84, test 126 samples, from ")


def test_a_split_that_is_missing_and_one_that_nearly_leaks_are_both_told(tmp_path: Path) -> None:
    long = "we must never build more wind power in this country as it is a danger to all of the children"
    row = corpus_rows(1)[0]
    files = {
        "train": [*corpus_rows(30), {**row, "id": "x", "text": long}],
        "val": [{**row, "id": "y", "text": f"{long} here"}],
    }
    flags = [word for name, some in files.items() for word in (f"--data.{name}", write_corpus(tmp_path / name, some))]
    found = {finding.state: finding.what for finding in look_at_data(asked(*flags, "--data.test", "null"))}
    assert found.keys() == {"fault", "warning"}
    assert "the test split has no samples" in found["fault"]
    assert "val" in found["warning"]


def test_a_text_without_graph_says_nothing_of_graphs() -> None:
    assert list(look_at_graph(asked())) == []


def test_the_checksum_of_the_graph_is_compared(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("wind", "IsA", "power", 1.0)])
    for checksum, folder, state in (
        (graph.checksum, graph.folder, "ok"),
        ("0" * 64, graph.folder, "fault"),
        ("0" * 64, tmp_path / "nowhere", "ok"),
    ):
        args = tagged_corpora(tmp_path, dict.fromkeys(("train", "val", "test"), checksum), folder)
        (finding,) = look_at_graph(asked(*args))
        assert finding.state == state
        assert checksum[:12] in finding.what
