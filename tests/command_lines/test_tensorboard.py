"""What TensorBoard shows of a run: hyperparameters with final scores, confusion matrix, curves."""

import csv
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.util import tensor_util


def test_a_run_fills_its_tabs(run_folder: Path) -> None:
    events = EventAccumulator(str(run_folder)).Reload()
    with (run_folder / "metrics.csv").open(newline="") as file:
        tested = next(row for row in csv.DictReader(file) if row["test_macro_f1"])
    assert events.Scalars("test_macro_f1")[-1].value == pytest.approx(float(tested["test_macro_f1"]))
    assert events.Scalars("lr-AdamW/pg1")
    assert events.Images("test/confusion")[0].width > 100
    content = events.summary_metadata["_hparams_/session_start_info"].plugin_data.content
    hyperparameters = HParamsPluginData.FromString(content).session_start_info.hparams
    assert hyperparameters["classifier"].string_value == "gatbert.stance_classifier.TextClassifier"
    assert hyperparameters["learning_rate"].number_value == pytest.approx(1e-2)
    content = events.summary_metadata["_hparams_/experiment"].plugin_data.content
    metrics = HParamsPluginData.FromString(content).experiment.metric_infos
    assert "test_macro_f1" in {metric.name.tag for metric in metrics}
    (curve,) = events.Tensors("test/favor")
    true_positives, _, _, false_negatives, _, recall = tensor_util.make_ndarray(curve.tensor_proto)
    with (run_folder / "predictions.test.csv").open(newline="") as file:
        gold = [row["gold"] for row in csv.DictReader(file)]
    assert true_positives[0] + false_negatives[0] == gold.count("favor")
    assert recall[0] == 1
