"""Controlled data answer whether a model reads the graph: these do, from the graph alone, and the others cannot."""

import csv
from pathlib import Path

import pytest
import yaml
from sklearn.metrics import accuracy_score

from tests.command_line import CommandLine, training_arguments
from tests.tiny import CONFIGS, save_encoder

CHANCE = 1 / 3


def accuracy(run: Path) -> float:
    """Return the accuracy of the tested predictions of a run."""
    with (run / "predictions.test.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    return float(accuracy_score([row["gold"] for row in found], [row["predicted"] for row in found]))


def write_data(folder: Path, **settings: object) -> Path:
    """Write settings of controlled data, and a ``--data`` file over them."""
    (folder / "mine.yaml").write_text(yaml.safe_dump({"hops": 1, **settings}))
    partitions = {str(folder / "mine.yaml"): [0.7, 0.1, 0.2]}
    init_args = {"corpus_type": "synthetic", "partitions": partitions, "batch_size": 32, "max_length": 64}
    path = folder / "data.yaml"
    path.write_text(yaml.safe_dump({"class_path": "RandomSplitDataModule", "init_args": init_args}))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("relation_dependent", [False, True])
def test_a_graph_classifier_solves_them_and_falls_to_chance_with_another_graph(
    command_line: CommandLine, tmp_path: Path, relation_dependent: bool
) -> None:
    sizes = {"hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128}
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    encoder = save_encoder(tmp_path / "encoder", config={**CONFIGS["bert"], **sizes, **still})
    data = write_data(tmp_path, num_texts=300, relation_dependent=relation_dependent)
    options = ["--classifier", "gatbert.stance_classifier.ExternalClassifier", "--data", data]
    fast = ["--trainer.max_epochs", "25", "--model.learning_rate", "3e-3", "--early_stopping.patience", "25"]
    command_line("fit_and_test", *training_arguments(encoder, tmp_path / "results"), *options, *fast)
    run = tmp_path / "results" / "gatbert" / "v1"
    assert accuracy(run) >= 0.95
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    last = run / "checkpoints" / "last.ckpt"
    command_line("test", "--ckpt_path", last, "--data", data, "--data.transforms", "[shuffle_graph]", *again)
    assert abs(accuracy(tmp_path / "again" / "gatbert" / "version_0") - CHANCE) < 0.15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("classifier", "options"),
    [
        ("TextClassifier", []),
        ("HybridClassifier", ["--data.transforms", "[rm_external]"]),
        ("ExternalClassifier", ["--model.graph_encoder", "gatv2"]),
        ("ConcatClassifier", ["--model.graph_encoder", "transformer"]),
    ],
)
def test_what_does_not_read_relations_is_right_once_in_three(
    command_line: CommandLine, encoder: str, tmp_path: Path, classifier: str, options: list[str]
) -> None:
    """The three samples of a text are one and the same to such a classifier, whatever its weights are."""
    data = write_data(tmp_path, num_texts=60, relation_dependent=True)
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1", *options]
    command_line("fit_and_test", *args, "--classifier", f"gatbert.stance_classifier.{classifier}")
    assert accuracy(tmp_path / "results" / "gatbert" / "v1") == pytest.approx(CHANCE)
