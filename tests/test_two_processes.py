"""Training and testing on two processes (gloo): every sample counts once, whoever saw it."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, write_graph_corpus
from gatbert.samples import GraphSample
from gatbert.samples.transforms import TRANSFORMS
from tests.command_line import package_environment, training_arguments, write_data
from tests.tiny import corpus_rows, write_corpus


@pytest.mark.slow
def test_two_processes_train_and_test_as_one_would(encoder: str, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", corpus_rows(61)), batch_size=4)
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", str(data)]
    run("gatbert.fit_and_test", *args, "--trainer.devices", "2", "--trainer.strategy", "ddp")
    folder = tmp_path / "results" / "gatbert" / "v1"
    best = next((folder / "checkpoints").glob("epoch*.ckpt"))
    alone = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", str(tmp_path / "alone")]
    run("gatbert", "test", "--ckpt_path", str(best), "--data", str(data), *alone)
    one, two = (predictions(path) for path in (tmp_path / "alone" / "gatbert" / "version_0", folder))
    assert [row["id"] for row in one] == [row["id"] for row in two]
    for first, second in zip(one, two, strict=True):
        for name in ("prob_against", "prob_favor", "prob_neutral"):
            assert float(first[name]) == pytest.approx(float(second[name]), abs=1e-6)
    assert scores(tmp_path / "alone" / "gatbert" / "version_0") == pytest.approx(scores(folder), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("classifier", "options"),
    [
        ("HybridClassifier", []),
        ("HybridClassifier", ["--model.graph_gate", "zero", "--model.pooling", "concepts"]),
        ("ExternalClassifier", []),
        ("ConcatClassifier", []),
    ],
)
def test_a_batch_without_any_concept_stops_nobody(
    encoder: str, tmp_path: Path, classifier: str, options: list[str]
) -> None:
    """Every parameter takes part in every step of every process, though one has nothing but empty graphs."""
    samples = list(generate(SyntheticSettings(num_texts=16, hops=1)))
    emptied = TRANSFORMS["rm_external"](samples[:24], "")
    tagged = (
        Tagged(s, True, False, True, True, 0, ()) for s in [*emptied, *samples[24:]] if isinstance(s, GraphSample)
    )
    corpus = tmp_path / "half.parquet"
    write_graph_corpus(corpus, tagged, GraphCorpusInfo(RELATIONS, "0" * 64, "graph"))
    data = ["SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64", "--data.batch_size", "4"]
    files = ["--data.train", str(corpus), "--data.val_fraction", "0.25", "--data.test", str(corpus)]
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", *data, *files[:4]]
    kind = ["--classifier", f"gatbert.stance_classifier.{classifier}", *options]
    run("gatbert", "fit", *args, *kind, "--trainer.devices", "2", "--trainer.strategy", "ddp")
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    for number, devices in enumerate(("1", "2")):
        alone = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", str(tmp_path / "again")]
        tested = ["test", "--ckpt_path", str(checkpoint), "--data", *data, *files[4:], *alone]
        run("gatbert", *tested, "--trainer.devices", devices)
        assert len(predictions(tmp_path / "again" / "gatbert" / f"version_{number}")) == len(samples)
    one, two = (predictions(tmp_path / "again" / "gatbert" / f"version_{number}") for number in (0, 1))
    for first, second in zip(one, two, strict=True):
        assert first["id"] == second["id"]
        assert float(first["prob_favor"]) == pytest.approx(float(second["prob_favor"]), abs=1e-6)


def run(module: str, *args: str) -> None:
    command = [sys.executable, "-m", module, *args]
    done = subprocess.run(command, capture_output=True, text=True, env=package_environment(), timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "terminate called" not in done.stderr, "the other process aborted, which the status of the first hides"


def predictions(folder: Path) -> list[dict[str, str]]:
    with (folder / "predictions.test.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def scores(folder: Path) -> dict[str, float]:
    with (folder / "metrics.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("test_loss")]
    return {name: float(value) for name, value in rows[-1].items() if name.startswith("test_")}
