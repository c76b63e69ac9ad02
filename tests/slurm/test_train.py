"""slurm/train.sh, run as Slurm runs it: a copy in a spool folder, with stand-ins for the cluster's commands."""

import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.slurm.conftest import ROOT, Cluster


def options(run: list[str]) -> dict[str, str]:
    """Return the flags of a run with their values."""
    return {name: value for name, value in pairwise(run) if name.startswith("-")}


def test_header_asks_for_one_a100() -> None:
    header = [line for line in (ROOT / "slurm" / "train.sh").read_text().splitlines() if line.startswith("#SBATCH")]
    assert {"#SBATCH --partition=gpu", "#SBATCH --gres=gpu:a100:1"} <= set(header)
    for option in ("time", "cpus-per-task", "mem", "mail-type"):
        assert any(line.startswith(f"#SBATCH --{option}=") for line in header), option


def test_all_classifiers_run_in_order_each_config_printed_once(cluster: Cluster) -> None:
    done = cluster.sbatch("train.sh", "--trainer.max_epochs", "3")
    assert done.returncode == 0, done.stderr
    assert cluster.log()[:3] == ["module load conda", "conda shell.bash hook", "conda activate gatbert"]
    runs = cluster.runs()
    assert all(run[:2] == ["-m", "gatbert.fit_and_test"] for run in runs)
    assert ["--print_config" in run for run in runs] == [True, False] * 4
    names = [options(run)["--trainer.logger.init_args.name"] for run in runs]
    assert names[::2] == names[1::2] == ["text", "external", "concat", "hybrid"]
    for printed, run in zip(runs[::2], runs[1::2], strict=True):
        assert printed == [*run, "--print_config"]


def test_doctor_looks_at_every_run_before_the_first(cluster: Cluster) -> None:
    cluster.sbatch("train.sh", "--trainer.max_epochs", "3")
    assert cluster.examined() == [run[2:] for run in cluster.runs()[1::2]]


def test_a_fault_stops_before_the_first_run(cluster: Cluster) -> None:
    done = cluster.sbatch("train.sh", DOCTOR_FAILS_ON="ConcatClassifier")
    assert done.returncode == 1
    assert "gatbert doctor has found a fault in experiment concat" in done.stderr
    assert cluster.runs() == []


def test_arguments_are_complete_and_do_not_leak(cluster: Cluster) -> None:
    cluster.sbatch("train.sh", "--trainer.max_epochs", "3")
    runs = cluster.runs()[1::2]
    assert len({options(run)["--trainer.logger.init_args.version"] for run in runs}) == 1
    assert re.fullmatch(r"v\d{14}", options(runs[0])["--trainer.logger.init_args.version"])
    for run, name in zip(runs, ("Text", "External", "Concat", "Hybrid"), strict=True):
        flags = options(run)
        assert flags["--classifier"] == f"gatbert.stance_classifier.{name}Classifier"
        assert flags["--trainer.max_epochs"] == "3"
        assert flags["--trainer.logger.init_args.save_dir"] == str(cluster.repo / "results")
        assert run.count("--classifier") == run.count("--data") == run.count("-c") == 1
        assert flags["--model"] == f"configs/{name.lower()}_model.yaml"


def test_variables_replace_every_default(cluster: Cluster) -> None:
    (cluster.repo / "configs" / "a b.yaml").write_text("init_args: {corpus_type: graph}")
    variables = {
        "GATBERT_RESULTS": str(cluster.folder / "blue results"),
        "GATBERT_DATA_CONFIG": "configs/a b.yaml",
        "GATBERT_CLASSIFIERS": "Hybrid",
        "GATBERT_PRETRAINED_MODEL": "org/encoder",
        "GATBERT_VERSION": "v1",
        "GATBERT_ENV": "other",
    }
    done = cluster.sbatch("train.sh", **variables)
    assert done.returncode == 0, done.stderr
    assert "conda activate other" in cluster.log()
    flags = options(cluster.runs()[1])
    assert flags["--data"] == "configs/a b.yaml"
    assert flags["--pretrained_model"] == "org/encoder"
    assert flags["--trainer.logger.init_args.save_dir"] == variables["GATBERT_RESULTS"]
    assert flags["--trainer.logger.init_args.version"] == "v1"
    assert len(cluster.runs()) == 2


def test_first_failure_stops_with_its_status(cluster: Cluster) -> None:
    done = cluster.sbatch("train.sh", FAIL_ON="ConcatClassifier")
    assert done.returncode == 3
    assert "experiment concat failed with exit status 3" in done.stderr
    names = [options(run)["--trainer.logger.init_args.name"] for run in cluster.runs()]
    assert "hybrid" not in names


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"GATBERT_REPO": "/nowhere"}, "/nowhere is no checkout of gatbert"),
        ({"GATBERT_ENV": "missing"}, "no conda environment missing"),
        ({"GATBERT_DATA_CONFIG": "configs/no.yaml"}, "no config configs/no.yaml"),
        (
            {"GATBERT_CLASSIFIERS": "Hybrid", "GATBERT_DATA_CONFIG": "configs/raw_data.yaml"},
            "no classifier Hybrid for configs/raw_data.yaml; there is Text",
        ),
        (
            {"GATBERT_CLASSIFIERS": "Graph"},
            "no classifier Graph for configs/graph_data.yaml; there is Text External Concat Hybrid",
        ),
    ],
)
def test_mistakes_stop_before_the_first_run(cluster: Cluster, variables: dict[str, str], message: str) -> None:
    done = cluster.sbatch("train.sh", **variables)
    assert done.returncode != 0
    assert message in done.stderr.splitlines()[-1]
    assert not (cluster.folder / "log").exists() or not cluster.runs()


def test_runtime_folder_is_removed(cluster: Cluster) -> None:
    cluster.sbatch("train.sh", GATBERT_CLASSIFIERS="Text")
    assert [path.name for path in (cluster.folder / "spool").iterdir()] == ["slurm_script"]


def test_data_without_graphs_train_text_alone(cluster: Cluster) -> None:
    done = cluster.sbatch("train.sh", GATBERT_DATA_CONFIG="configs/raw_data.yaml")
    assert done.returncode == 0, done.stderr
    assert "configs/raw_data.yaml has no graphs" in done.stdout
    assert {options(run)["--trainer.logger.init_args.name"] for run in cluster.runs()} == {"text"}


@pytest.mark.slow
def test_real_package_is_trained(encoder: str, tmp_path: Path, cluster: Cluster) -> None:
    python = Path(cluster.environment["PATH"].split(":")[0]) / "python"
    python.write_text(f'#!/usr/bin/env bash\nexec "{sys.executable}" "$@"\n')
    variables = {"GATBERT_REPO": str(ROOT), "GATBERT_RESULTS": str(tmp_path / "results"), "GATBERT_VERSION": "v1"}
    variables |= {"GATBERT_PRETRAINED_MODEL": encoder, "HF_HUB_OFFLINE": "1"}
    fast = ["--trainer.accelerator", "cpu", "--trainer.max_epochs", "1", "--data.max_length", "48"]
    done = cluster.sbatch("train.sh", *fast, "--trainer.limit_train_batches", "2", **variables)
    assert done.returncode == 0, done.stderr
    for name in ("text", "external", "concat", "hybrid"):
        assert (tmp_path / "results" / name / "v1" / "predictions.test.csv").is_file()
