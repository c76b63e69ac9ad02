"""slurm/tag.sh: one shard a task of the array."""

from tests.slurm.conftest import Cluster


def test_each_task_of_the_array_tags_its_shard(cluster: Cluster) -> None:
    args = ["--graph", "a graph", "--output", "out", "--train", "a.csv"]
    done = cluster.sbatch("tag.sh", *args, SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="8")
    assert done.returncode == 0, done.stderr
    assert cluster.runs() == [["-m", "gatbert", "tag", *args, "--shard", "3/8"]]
    assert "conda activate gatbert" in cluster.log()


def test_without_an_array_all_is_tagged_at_once(cluster: Cluster) -> None:
    assert cluster.sbatch("tag.sh", "--output", "out").returncode == 0
    assert cluster.runs() == [["-m", "gatbert", "tag", "--output", "out"]]


def test_a_failure_names_the_shard(cluster: Cluster) -> None:
    done = cluster.sbatch("tag.sh", SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="8", FAIL_ON="gatbert")
    assert done.returncode != 0
    assert "tagging failed in shard 3" in done.stderr
