"""``gatbert ablate`` says of models what is known to be true of them."""

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gatbert
from gatbert.callbacks import PredictionWriter
from tests.command_line import CommandLine, package_environment, seconds_of_children, training_arguments, write_data
from tests.controlled import train, write_chains
from tests.tiny import WORDS, write_corpus

CPU = ("--trainer.accelerator", "cpu", "--trainer.enable_progress_bar", "false")
INTACT_AND_MASKED = ["intact", "mask_target", "mask_text"]
REWORDED = ["negated_prefix", "typos", "drop_hashtags"]
CONDITIONS = [*INTACT_AND_MASKED, "rm_external", "shuffle_graph", "shuffle_relations", *REWORDED]


def rows_of(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["condition"]: row for row in json.loads((folder / "ablation.json").read_text())["rows"]}


def last(results: Path) -> Path:
    return results / "gatbert" / "v1" / "checkpoints" / "last.ckpt"


@pytest.mark.slow
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
    about = json.loads((output / "ablation.json").read_text())
    assert about["checkpoint"] == str(checkpoint)
    assert about["classifier"] == "gatbert.stance_classifier.ExternalClassifier"
    assert about["encoder"] == str(tmp_path / "encoder")
    (digest,) = about["files"].values()
    assert list(about["files"]) == [str(tmp_path / "mine.yaml")]
    assert digest == hashlib.sha256((tmp_path / "mine.yaml").read_bytes()).hexdigest()
    assert about["negligible"] == 0.01
    assert (about["split"], about["gatbert"]) == ("test", gatbert.__version__)
    assert f"data: test split of {tmp_path / 'mine.yaml'}" in said
    for condition in CONDITIONS:
        run = json.loads((output / condition / "run.json").read_text())
        assert run["status"] == "finished"
    with (output / "ablation.csv").open(newline="") as file:
        assert [row["condition"] for row in csv.DictReader(file)] == CONDITIONS
    assert "exists already" in command_line.refused("ablate", checkpoint, "--data", data, *CPU, "--output", output)


@pytest.mark.slow
def test_a_model_of_the_text_does_not_use_the_graph(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    data = write_chains(tmp_path, num_texts=40)
    command_line("fit", *training_arguments(encoder, tmp_path / "results"), "--data", data)
    command_line("ablate", last(tmp_path / "results"), "--data", data, *CPU, "--output", tmp_path / "ablated")
    rows = rows_of(tmp_path / "ablated")
    for condition in ("rm_external", "shuffle_graph", "shuffle_relations"):
        assert rows[condition]["sentence"].startswith("This model does not use")
        assert (rows[condition]["changed"], rows[condition]["difference"]) == (0, 0)
    assert "not shown to be above chance" in rows["intact"]["sentence"]


@pytest.mark.slow
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
    assert list(found) == [*INTACT_AND_MASKED, *REWORDED]
    assert "The corpus has no graphs" in said
    assert found["intact"]["score"] >= 0.95
    assert found["mask_target"]["sentence"].startswith("This model needs the target: without it, it is at chance")
    assert found["mask_text"]["sentence"].startswith("The target alone decides on these ")


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--score", "f1_favour"], "--score"), (["--model.att_type", "x"], "att_type")],
)
def test_mistakes_are_one_sentence(
    command_line: CommandLine, run_folder: Path, data: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    where = (run_folder / "checkpoints" / "last.ckpt", "--data", data, *CPU, "--output", tmp_path / "ablated")
    assert said in command_line.refused("ablate", *where, *options)
    assert not (tmp_path / "ablated").exists()


def test_an_output_that_cannot_be_is_refused_first(command_line: CommandLine, tmp_path: Path) -> None:
    missing = tmp_path / "no.ckpt"
    assert "exists already" in command_line.refused("ablate", missing, "--output", tmp_path)
    assert "--score" in command_line.refused("ablate", missing, "--output", tmp_path / "out", "--score", "f1")


@pytest.mark.slow
def test_the_arguments_are_checked_before_torch_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command, options, words in (
        ("ablate", ["--output", str(tmp_path / "out"), "--score", "f1"], "--score"),
        ("ablate", ["--output", str(tmp_path / "file" / "below")], "is none; give another output"),
        ("ablate", ["--output", str(tmp_path)], "exists already"),
        ("explain", ["--output", str(tmp_path / "file" / "below")], "is none; give another output"),
        ("explain", ["--output", str(tmp_path / "out"), "--max_samples", "0"], "--max_samples 0 is not accepted"),
        ("explain", ["--output", str(tmp_path / "out"), "--ids", "a,,b"], "--ids 'a,,b' has an empty entry"),
    ):
        before = seconds_of_children()
        called = [sys.executable, "-m", "gatbert", command, str(tmp_path / "no.ckpt"), *options]
        done = subprocess.run(called, capture_output=True, text=True, env=package_environment(), check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert seconds_of_children() - before < 2


@pytest.mark.slow
def test_what_is_interrupted_is_not_in_the_way(
    command_line: CommandLine, run_folder: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the conditions say nothing; the same command must not be refused because of them."""
    command = (
        "ablate",
        run_folder / "checkpoints" / "last.ckpt",
        "--data",
        data,
        *CPU,
        "--output",
        tmp_path / "ablated",
    )
    with monkeypatch.context() as patch:
        patch.setattr(PredictionWriter, "on_test_end", interrupted)
        status, _, _ = command_line.status(*command)
    assert status != 0
    assert not (tmp_path / "ablated").exists()
    command_line(*command)
    assert list(rows_of(tmp_path / "ablated")) == [*INTACT_AND_MASKED, *REWORDED]


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt
