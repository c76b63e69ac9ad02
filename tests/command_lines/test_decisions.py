"""Temperature, thresholds and abstention, from training to predictions and report."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import softmax

import gatbert
from gatbert.evaluation.decision import fit_temperature, undecided
from gatbert.evaluation.predictions import read_predictions
from gatbert.pretrained.checkpoints import Recipe
from gatbert.samples.decision import Decision
from gatbert.samples.stances import STANCES
from tests.command_line import CommandLine


def best(run: Path) -> Path:
    (path,) = (one for one in (run / "checkpoints").glob("*.ckpt") if one.name != "last.ckpt")
    return path


def run_folder(tmp_path: Path, version: str) -> Path:
    (found,) = tmp_path.glob(f"results/**/{version}/config.yaml")
    return found.parent


@pytest.mark.slow
def test_the_decision_of_the_best_checkpoint_is_that_of_its_own_validation(
    command_line: CommandLine, common: list[str], tmp_path: Path
) -> None:
    def trained(version: str, *options: str) -> Path:
        command_line("fit_and_test", *common, *options, f"--trainer.logger.init_args.version={version}")
        return run_folder(tmp_path, version)

    with_it, without = trained("with"), trained("without", "--decision.temperature=false")
    raw, decided = (read_predictions(run / "predictions.test.csv") for run in (without, with_it))
    decision = Recipe.read(best(with_it)).decision
    assert Recipe.read(best(without)).decision == Decision()
    # The weights are the same, bit for bit.
    states = [torch.load(best(run), weights_only=True)["state_dict"] for run in (with_it, without)]
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())
    assert decision.temperature != 1
    np.testing.assert_array_equal(decided.predicted, raw.predicted)
    assert raw.probabilities is not None
    assert decided.probabilities is not None
    expected = softmax(np.log(raw.probabilities) / decision.temperature, axis=1)
    np.testing.assert_allclose(decided.probabilities, expected, atol=1e-5)
    record = json.loads((with_it / "run.json").read_text())
    assert record["decision"] == {"temperature": decision.temperature, "thresholds": {}}

    posts = {"text": "good zoo", "target": "zoo"}, {"text": "bad homework today", "target": "homework"}
    with (tmp_path / "new.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["text", "target"])
        writer.writeheader()
        writer.writerows(posts)

    def asked(command: str, *options: str) -> Path:
        logger = {"save_dir": tmp_path / "asked", "name": "", "version": command}
        flags = [f"--trainer.logger.init_args.{name}={value}" for name, value in logger.items()]
        logged = ("--trainer.accelerator=cpu", "--trainer.logger=TensorBoardLogger", *flags)
        command_line(command, "--ckpt_path", best(with_it), *options, *logged)
        return tmp_path / "asked" / command

    data = common[common.index("--data") + 1]
    found = read_predictions(asked("validate", "--data", data) / "predictions.val.csv")
    assert found.probabilities is not None
    logits = np.log(undecided(found.probabilities, decision.temperature, [1.0] * 3))
    assert fit_temperature(logits, found.gold) == pytest.approx(decision.temperature, rel=1e-3)

    new = ("--data=SplitDataModule", f"--data.predict={tmp_path / 'new.csv'}", "--abstain_below=0.999")
    with (asked("predict", *new) / "predictions.predict.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["predicted"] for row in rows] == ["", ""]
    loaded = gatbert.load(best(with_it)).predict([post["text"] for post in posts], [post["target"] for post in posts])
    for row, probabilities in zip(rows, loaded, strict=True):
        assert {stance: float(row[f"prob_{stance}"]) for stance in STANCES} == pytest.approx(probabilities, abs=1e-5)

    output = command_line("report", with_it, "--abstain_below", "0.5", "--output", tmp_path / "report")
    assert "ECE before" in output
    assert "coverage from 0.5" in output
