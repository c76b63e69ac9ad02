"""``gatbert report`` from the command line: on made run folders, and on one that training left."""

import csv
import json
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score

from tests.cli.conftest import write_data
from tests.commands import CommandLine
from tests.evaluation.folders import write_run
from tests.tiny import corpus_rows, write_corpus


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_over_groups_of_seeds(command_line: CommandLine, tmp_path: Path) -> None:
    other = {"classifier": "gatbert.stance_classifier.HybridClassifier"}
    for seed in range(3):
        write_run(tmp_path / "runs" / "text" / f"s{seed}", seed, 0.5)
        write_run(tmp_path / "runs" / "hybrid" / f"s{seed}", seed, 0.9, settings=other)
    output = command_line("report", tmp_path / "runs", "--output", tmp_path / "report")
    assert "HybridClassifier" in output
    assert "Differences in macro_f1" in output
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert [group["name"] for group in found["groups"]] == ["HybridClassifier", "TextClassifier"]
    for group in found["groups"]:
        for run in group["runs"]:
            rows = read_rows(Path(run["path"]) / "predictions.test.csv")
            gold, predicted = ([row[name] for row in rows] for name in ("gold", "predicted"))
            assert run["scores"]["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
            assert run["scores"]["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))
            assert run["samples_per_second"] == 40
        score = group["scores"]["macro_f1"]
        assert score["low"] < score["mean"] < score["high"]
        assert sum(map(sum, group["confusion"])) == pytest.approx(60)
        assert {row["value"]: row["num_samples"] for row in group["breakdowns"]["target"]} == {"zoos": 30, "taxes": 30}
        assert set(group["breakdowns"]) == {"target", "irony"}
    (difference,) = (row for row in found["comparisons"] if row["score"] == "accuracy")
    assert difference["difference"] > 0.2
    assert difference["significant"]
    table = read_rows(tmp_path / "report" / "scores.csv")
    assert len([row for row in table if row["flag"] == "" and row["score"] == "macro_f1"]) == 2
    assert r"\toprule" in (tmp_path / "report" / "scores.tex").read_text()
    page = (tmp_path / "report" / "report.html").read_text()
    assert "HybridClassifier" in page
    command_line("report", tmp_path / "runs" / "text", "--output", tmp_path / "report", "--score", "accuracy")
    assert json.loads((tmp_path / "report" / "report.json").read_text())["main_score"] == "accuracy"


def test_a_trained_run_with_texts_and_baselines(command_line: CommandLine, common: list[str], tmp_path: Path) -> None:
    command_line("fit_and_test", *common)
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "One seed only: TextClassifier" in " ".join(output.split())
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    groups = {group["name"]: group for group in found["groups"]}
    assert list(groups) == ["TextClassifier", "majority", "n-gram SVM"]
    # A word gives the stance away, which n-grams see in most of a dozen posts.
    assert groups["n-gram SVM"]["scores"]["macro_f1"]["mean"] > 0.5
    assert groups["majority"]["calibration"] is None
    assert groups["TextClassifier"]["scores"]["macro_f1"]["std"] is None
    (run,) = groups["TextClassifier"]["runs"]
    assert run["samples_per_second"] > 0
    assert {"target", "style", "target_seen"} >= set(groups["TextClassifier"]["breakdowns"])
    assert "val_macro_f1" in groups["TextClassifier"]["curves"][0]["series"]
    assert corpus_rows(60)[0]["text"].split()[0] in (tmp_path / "report" / "report.html").read_text()


def test_mistakes_are_one_sentence(command_line: CommandLine, tmp_path: Path) -> None:
    run, half = write_run(tmp_path / "a"), write_run(tmp_path / "b", num_samples=50)
    assert "there is no run in" in command_line.refused("report", tmp_path / "nowhere")
    assert "tested on different samples" in command_line.refused("report", run, half)
    assert "score 'f2' is not known" in command_line.refused("report", run, "--score", "f2")
    (half / "predictions.test.csv").write_text("id,target,go")
    assert "cut off in its last line" in command_line.refused("report", run, half)
    (half / "predictions.test.csv").unlink()
    assert "has no predictions.test.csv" in command_line.refused("report", half)
    (tmp_path / "file").write_text("")
    assert "file" in command_line.refused("report", run, "--output", tmp_path / "file")
    assert "must be given" in command_line.refused("report")


def test_texts_that_are_gone_are_said(command_line: CommandLine, common: list[str], data: Path, tmp_path: Path) -> None:
    command_line("fit_and_test", *common)
    (tmp_path / "posts.csv").unlink()
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "Texts of" in " ".join(output.split())
    write_corpus(tmp_path / "posts.csv", corpus_rows(6))
    write_data(tmp_path / "again.yaml", tmp_path / "posts.csv")
    output = command_line("report", tmp_path / "results", "--output", tmp_path / "report")
    assert "no longer in the corpora of the run" in " ".join(output.split())
