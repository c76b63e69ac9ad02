"""slurm/array.sh: one run of the grid a task."""

import pytest

from tests.slurm.conftest import ROOT, Cluster


@pytest.fixture
def grid(cluster: Cluster) -> str:
    """A grid, relative to the checkout."""
    (cluster.repo / "my grid").mkdir()
    (cluster.repo / "my grid" / "grid.json").write_text("{}")
    return "my grid"


def test_header_asks_for_one_a100_and_may_be_requeued() -> None:
    lines = (ROOT / "slurm" / "array.sh").read_text().splitlines()
    header = {line.removeprefix("#SBATCH ") for line in lines if line.startswith("#SBATCH")}
    assert {"--partition=gpu", "--gres=gpu:a100:1", "--requeue", "--open-mode=append"} <= header
    assert not any("--array" in line for line in header), "the grid says how many tasks there are"


def test_each_task_trains_its_run(cluster: Cluster, grid: str) -> None:
    done = cluster.sbatch("array.sh", grid, SLURM_ARRAY_TASK_ID="3")
    assert done.returncode == 0, done.stderr
    assert cluster.runs() == [["-m", "gatbert", "multi_run", "--output", str(cluster.repo / grid), "--task", "3"]]
    assert "conda activate gatbert" in cluster.log()


def test_doctor_looks_at_the_run_first(cluster: Cluster, grid: str) -> None:
    done = cluster.sbatch("array.sh", grid, SLURM_ARRAY_TASK_ID="3", DOCTOR_FAILS_ON="grid")
    assert done.returncode == 1
    assert "gatbert doctor has found a fault in run 3" in done.stderr
    assert cluster.examined() == [["--grid", str(cluster.repo / grid), "--task", "3"]]
    assert cluster.runs() == []


def test_a_failure_names_the_run_and_keeps_the_status(cluster: Cluster, grid: str) -> None:
    done = cluster.sbatch("array.sh", grid, SLURM_ARRAY_TASK_ID="3", FAIL_ON="gatbert")
    assert done.returncode == 3
    assert f"run 3 of {cluster.repo / grid} is not finished" in done.stderr


@pytest.mark.parametrize(
    ("args", "task", "message"),
    [
        (["my grid"], "", "this is no array"),
        (["nowhere"], "1", "there is no grid in"),
        ([], "1", "give the folder of the grid"),
        (["my grid", "--seeds"], "1", "and nothing else"),
    ],
)
def test_mistakes_are_one_sentence(cluster: Cluster, grid: str, args: list[str], task: str, message: str) -> None:
    done = cluster.sbatch("array.sh", *args, SLURM_ARRAY_TASK_ID=task)
    assert done.returncode != 0
    assert message in done.stderr.splitlines()[-1]
    assert not (cluster.folder / "log").exists() or not cluster.runs()
