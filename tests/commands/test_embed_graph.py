"""gatbert embed_graph: mistakes are one sentence."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.knowledge.dump import graph_of

TRIPLES = [("zoo", "RelatedTo", "animal"), ("cage", "AtLocation", "zoo"), ("x", "Is[/blue]A\x1b[31m", "zoo [/bold]")]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return graph_of(tmp_path / "mine", TRIPLES).folder


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
