"""The way of a sample once through, on the packaged demo: what runs with every version that pyproject.toml allows.

Nothing here knows a library's words or private names; ``.ci/lowest`` runs it with the lowest versions.
"""

import csv
import importlib
import json
import logging
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gatbert
from gatbert.__main__ import run
from gatbert.nn.attention_types import ATTENTION_TYPES
from gatbert.nn.graph_convolutions import CONVOLUTIONS

pytestmark = [pytest.mark.core, pytest.mark.slow]

DEMO = "pkg:gatbert/assets/demo"
SPLITS = ("train", "val", "test")


def call(command: str, *args: str | Path) -> None:
    """Run a command of gatbert that must succeed, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        # Lightning's log handler keeps the stream of the first test, which is closed by now.
        patch.setattr(logging, "raiseExceptions", False)
        patch.setattr(sys, "argv", ["gatbert", command, *map(str, args)])
        assert run(command, [str(arg) for arg in args]) == 0


def training(encoder: str, results: Path, name: str, *, epochs: int = 1) -> list[str | Path]:
    """Return the arguments of a short training on the CPU."""
    return [
        *("--pretrained_model", encoder, "--model.learning_rate", "1e-2", "--trainer.accelerator", "cpu"),
        *("--trainer.max_epochs", str(epochs), "--trainer.enable_progress_bar", "false"),
        *("--trainer.logger", "TensorBoardLogger", "--trainer.logger.init_args.save_dir", results),
        *("--trainer.logger.init_args.name", name),
    ]


def posts(folder: str | Path = DEMO, suffix: str = "csv") -> list[str]:
    """Return the arguments of data modules for the three splits of the demo."""
    return [
        *("--data", "SplitDataModule", "--data.max_length", "64", "--data.batch_size", "16"),
        *(part for split in SPLITS for part in (f"--data.{split}", f"{folder}/{split}.{suffix}")),
    ]


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def modules() -> Iterator[str]:
    """Yield the modules of gatbert that are no scripts."""
    for module in pkgutil.walk_packages(gatbert.__path__, "gatbert."):
        if not module.name.endswith((".__main__", ".fit_and_test")):
            yield module.name


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all runs."""
    return tmp_path_factory.mktemp("core") / "results"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's knowledge graph."""
    folder = tmp_path_factory.mktemp("core") / "graph"
    call("build_graph", "--output", folder, "--conceptnet", f"{DEMO}/assertions.csv", "--aliases", "false")
    return folder


@pytest.fixture(scope="module")
def tagged(graph: Path) -> Path:
    """The demo's posts, tagged with its graph."""
    folder = graph.parent / "tagged"
    splits = [part for split in SPLITS for part in (f"--{split}", f"{DEMO}/{split}.csv")]
    call("tag", "--graph", graph, "--output", folder, "--columns.style", "style", *splits)
    return folder


@pytest.fixture(scope="module")
def text_run(encoder: str, results: Path) -> Path:
    """The run folder of a text classifier."""
    call("fit_and_test", *training(encoder, results, "text", epochs=2), *posts())
    return results / "text" / "version_0"


@pytest.fixture(scope="module")
def hybrid_run(encoder: str, results: Path, tagged: Path) -> Path:
    """The run folder of a classifier of text and graph."""
    data = [*posts(tagged, "parquet"), "--data.corpus_type", "graph"]
    call("fit_and_test", *training(encoder, results, "hybrid"), "--classifier", "Hybrid", *data)
    return results / "hybrid" / "version_0"


def best(run_folder: Path) -> Path:
    """Return the checkpoint that validation chose."""
    return next((run_folder / "checkpoints").glob("epoch*.ckpt"))


def test_every_module_is_imported() -> None:
    names = [*modules()]
    assert len(names) > 100
    for name in names:
        importlib.import_module(name)


def test_text_is_trained_tested_and_predicted(text_run: Path, tmp_path: Path) -> None:
    tested = rows(text_run / "predictions.test.csv")
    assert json.loads((text_run / "run.json").read_text())["status"] == "finished"
    again: list[str | Path] = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path]
    data = ["--data", "SplitDataModule", "--data.predict", f"{DEMO}/test.csv"]
    call("predict", "--ckpt_path", best(text_run), *data, *again)
    predicted = rows(tmp_path / "gatbert" / "version_0" / "predictions.predict.csv")
    assert [row["predicted"] for row in predicted] == [row["predicted"] for row in tested]
    found = gatbert.load(best(text_run)).predict("We should build more of them.", "wind power")
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)


def test_last_checkpoint_goes_on(encoder: str, text_run: Path, tmp_path: Path) -> None:
    last = text_run / "checkpoints" / "last.ckpt"
    call("fit", *training(encoder, tmp_path, "on", epochs=3), *posts(), "--ckpt_path", last)
    assert rows(tmp_path / "on" / "version_0" / "metrics.csv")[-1]["epoch"] == "2"


def test_graph_classifier_tags_texts_as_its_corpus_was(hybrid_run: Path) -> None:
    assert {"linked", "target_seen"} <= rows(hybrid_run / "predictions.test.csv")[0].keys()
    found = gatbert.load(best(hybrid_run)).predict(["The windmills are noisy."], "wind power")[0]
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("option", [*(f"att_type={name}" for name in ATTENTION_TYPES), *CONVOLUTIONS])
def test_all_networks_over_graphs_train(encoder: str, tagged: Path, tmp_path: Path, option: str) -> None:
    name, _, value = option.rpartition("=")
    chosen = ["--classifier", "External", f"--model.{name or 'graph_encoder'}", value]
    data = [*posts(tagged, "parquet"), "--data.corpus_type", "graph", "--trainer.fast_dev_run", "true"]
    call("fit_and_test", *training(encoder, tmp_path, "fast"), *chosen, *data)


@pytest.mark.parametrize("model", ["TransE", "ComplEx"])
def test_vectors_of_concepts_are_trained_and_read(
    encoder: str, graph: Path, tagged: Path, tmp_path: Path, model: str
) -> None:
    small = ["--model", model, "--size", "8", "--epochs", "1"]
    call("embed_graph", "--graph", graph, "--output", tmp_path / "kge", *small)
    vectors: list[str | Path] = ["--model.concept_embeddings", "kge", "--model.concept_vectors", tmp_path / "kge"]
    data = [*posts(tagged, "parquet"), "--data.corpus_type", "graph", "--trainer.fast_dev_run", "true"]
    call("fit_and_test", *training(encoder, tmp_path, "fast"), "--classifier", "Concat", *vectors, *data)


def test_runs_are_reported(results: Path, text_run: Path, hybrid_run: Path, tmp_path: Path) -> None:
    call("report", results, "--output", tmp_path / "report")
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert {group["name"] for group in report["groups"]} >= {"HybridClassifier", "TextClassifier", "n-gram SVM"}
    assert "<svg" in (tmp_path / "report" / "report.html").read_text()


def test_samples_are_explained(hybrid_run: Path, tagged: Path, tmp_path: Path) -> None:
    data: list[str | Path] = ["--data", "SplitDataModule", "--data.corpus_type", "graph"]
    data += ["--data.test", tagged / "test.parquet"]
    wanted: list[str | Path] = ["--output", tmp_path / "explained", "--max_samples", "4"]
    call("explain", best(hybrid_run), *data, *wanted, "--trainer.accelerator", "cpu")
    explained = json.loads((tmp_path / "explained" / "explanations.json").read_text())
    assert len(explained["samples"]) == 4


def test_concepts_and_samples_are_shown(graph: Path, tagged: Path, tmp_path: Path) -> None:
    call("inspect_graph", "--graph", graph, "--concept", "nuclear power", "--output", tmp_path / "concept.svg")
    call("inspect_graph", "--graph", graph, "--corpus", tagged / "test.parquet", "--verify", "true")
    assert (tmp_path / "concept.svg").read_text().startswith("<svg")
