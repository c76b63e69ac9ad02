"""A cross-validation from the command line: trained fold by fold, reported as one; a fold explained by itself."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from tests.command_line import CONFIGS, CommandLine, rows_of, training_arguments, write_data
from tests.tiny import corpus_rows, write_corpus


@pytest.mark.slow
def test_two_folds_are_trained_reported_and_explained(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    rows = corpus_rows(90)
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", rows))
    grid = tmp_path / "grid"
    arguments = [*training_arguments(encoder, tmp_path)[:-4], "--trainer.max_epochs", "1", "--data", str(data)]
    command_line("multi_run", "--seeds", "1", "--folds", "2", "--output", grid, "--", *arguments)
    folds = [rows_of(grid / "default" / f"seed1-fold{fold}" / "predictions.test.csv") for fold in range(2)]
    assert sorted(row["id"] for fold in folds for row in fold) == sorted(row["id"] for row in rows)

    printed = command_line("report", grid, "--output", tmp_path / "report")
    assert "90 samples of test" in printed
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert [group["name"] for group in found["groups"]] == ["TextClassifier", "majority", "n-gram SVM"]
    scores = [
        f1_score([row["gold"] for row in some], [row["predicted"] for row in some], average="macro", zero_division=0)
        for some in ([*folds[0], *folds[1]], *folds)
    ]
    group = found["groups"][0]
    assert group["scores"]["macro_f1"]["mean"] == pytest.approx(scores[0])
    over_folds = group["over_folds"]["macro_f1"]
    assert over_folds["by_fold"] == pytest.approx(scores[1:])
    assert (over_folds["mean"], over_folds["std"]) == pytest.approx((np.mean(scores[1:]), np.std(scores[1:], ddof=1)))
    page = (tmp_path / "report" / "report.html").read_text()
    assert all(row["text"] in page for row in rows)

    checkpoint = grid / "default" / "seed1-fold1" / "checkpoints" / "last.ckpt"
    own = ["--data", data, "--data.folds", "2", "--data.fold", "1"]
    command_line("ablate", checkpoint, "--output", tmp_path / "ablated", *own)
    assert (
        len(rows_of(grid / "default" / "seed1-fold1" / "predictions.test.csv"))
        == json.loads((tmp_path / "ablated" / "ablation.json").read_text())["num_samples"]
    )
    assert "was finished before" in command_line(
        "multi_run", "--seeds", "1", "--folds", "2", "--output", grid, "--", *arguments
    )


@pytest.mark.slow
def test_a_data_module_that_draws_no_folds_is_refused_before_the_first_run(
    command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "posts.csv", corpus_rows(30))
    arguments = ["-c", CONFIGS / "base.yaml", "--pretrained_model", encoder, "--data", "SplitDataModule"]
    arguments += ["--data.train", corpus, "--data.test", corpus]
    sentence = command_line.refused("multi_run", "--folds", "2", "--output", tmp_path / "grid", "--", *arguments)
    assert "default: its data module draws no folds; RandomSplitDataModule and MixedDataModule do" in sentence
    assert not (tmp_path / "grid").exists()


@pytest.mark.slow
def test_a_corpus_is_cut_by_a_column(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    rows = [{**row, "style": f"{2010 + number % 10}-05"} for number, row in enumerate(corpus_rows(90))]
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", rows), split_by="column")
    cut = ["--data.split_column", "style", "--data.cut", "[2016, 2018-05]"]
    arguments = [*training_arguments(encoder, tmp_path / "results"), "--trainer.max_epochs", "1"]
    command_line("fit_and_test", *arguments, "--data", data, *cut)
    run = tmp_path / "results" / "gatbert" / "v1"
    tested = {row["id"] for row in rows_of(run / "predictions.test.csv")}
    assert tested == {row["id"] for row in rows if row["style"] >= "2018-05"}
    splits = json.loads((run / "run.json").read_text())["data"]["splits"]
    assert [splits[name]["num_samples"] for name in ("train", "val", "test")] == [54, 18, 18]
