"""``gatbert ablate`` says of models what is known to be true of them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import training_arguments, write_data
from tests.cli.controlled import train, write_chains
from tests.commands import CommandLine
from tests.tiny import WORDS, write_corpus

CPU = ("--trainer.accelerator", "cpu", "--trainer.enable_progress_bar", "false")
CONDITIONS = ["intact", "mask_target", "mask_text", "rm_external", "shuffle_graph", "shuffle_relations"]


def rows_of(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["condition"]: row for row in json.loads((folder / "ablation.json").read_text())["rows"]}


def last(results: Path) -> Path:
    return results / "gatbert" / "v1" / "checkpoints" / "last.ckpt"


def test_without_the_graph_a_model_of_the_graph_is_at_chance(command_line: CommandLine, tmp_path: Path) -> None:
    data = write_chains(tmp_path, num_texts=120, distractors=0)
    checkpoint = train(tmp_path, data, "ExternalClassifier", "--trainer.max_epochs", "12")
    output = tmp_path / "ablated"
    said = command_line("ablate", checkpoint, "--data", data, *CPU, "--output", output)
    rows = rows_of(output)
    assert list(rows) == CONDITIONS
    assert rows["intact"]["score"] >= 0.95
    for condition in ("rm_external", "shuffle_graph"):
        assert "chance" in rows[condition]["sentence"], rows[condition]
        assert rows[condition]["difference_high"] < 0
        assert rows[condition]["p_holm"] < 0.05
    assert rows["rm_external"]["sentence"].startswith("This model needs the graph: without it, it is at chance")
    assert "This model needs the graph" in said
    for condition in CONDITIONS:
        run = json.loads((output / condition / "run.json").read_text())
        assert run["status"] == "finished"
    with (output / "ablation.csv").open(newline="") as file:
        assert [row["condition"] for row in csv.DictReader(file)] == CONDITIONS
    assert "exists already" in command_line.refused("ablate", checkpoint, "--data", data, *CPU, "--output", output)


def test_a_model_of_the_text_does_not_use_the_graph(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    data = write_chains(tmp_path, num_texts=40)
    command_line("fit", *training_arguments(encoder, tmp_path / "results"), "--data", data)
    command_line("ablate", last(tmp_path / "results"), "--data", data, *CPU, "--output", tmp_path / "ablated")
    rows = rows_of(tmp_path / "ablated")
    for condition in ("rm_external", "shuffle_graph", "shuffle_relations"):
        assert rows[condition]["sentence"].startswith("This model does not use")
        assert (rows[condition]["changed"], rows[condition]["difference"]) == (0, 0)
    assert "not shown to be above chance" in rows["intact"]["sentence"]


def test_it_says_that_the_target_alone_decides(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    # One word each: masked, they are told by nothing.
    stances = {"power": "favor", "homework": "against", "zoo": "neutral"}
    rows = [
        {
            "id": f"p{number}",
            "target": target,
            # Each text stands with all three targets, so that it tells nothing.
            "text": " ".join(WORDS[(number // 3 * step) % len(WORDS)] for step in (1, 3, 5)),
            "stance": stance,
            "style": "plain",
        }
        for number, (target, stance) in enumerate(list(stances.items()) * 80)
    ]
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "targets.csv", rows))
    options = ["--trainer.max_epochs", "6", "--early_stopping.patience", "6"]
    command_line("fit", *training_arguments(encoder, tmp_path / "results"), "--data", data, *options)
    said = command_line("ablate", last(tmp_path / "results"), "--data", data, *CPU, "--output", tmp_path / "ablated")
    found = rows_of(tmp_path / "ablated")
    assert list(found) == CONDITIONS[:3]
    assert "The corpus has no graphs" in said
    assert found["intact"]["score"] >= 0.95
    assert found["mask_target"]["sentence"].startswith("This model needs the target: without it, it is at chance")
    assert found["mask_text"]["sentence"].startswith("The target alone decides: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--score", "f1_favour"], "score 'f1_favour' is unknown"), (["--model.att_type", "x"], "att_type")],
)
def test_mistakes_are_one_sentence(
    command_line: CommandLine, common: list[str], data: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    command_line("fit", *common)
    where = (last(tmp_path / "results"), "--data", data, *CPU, "--output", tmp_path / "ablated")
    assert said in command_line.refused("ablate", *where, *options)
    assert not (tmp_path / "ablated").exists()
