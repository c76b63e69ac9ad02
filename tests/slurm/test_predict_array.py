"""slurm/predict_array.sh: one shard a task of the array, which goes on where it was requeued."""

from tests.slurm.conftest import Cluster

ARGS = ["a run", "posts.csv", "--output", "out.csv"]


def test_each_task_of_the_array_predicts_its_shard(cluster: Cluster) -> None:
    done = cluster.sbatch("predict_array.sh", *ARGS, SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="8")
    assert done.returncode == 0, done.stderr
    assert cluster.runs() == [["-m", "gatbert", "predict", *ARGS, "--shard", "3/8", "--resume", "true"]]
    assert "conda activate gatbert" in cluster.log()


def test_without_an_array_all_is_predicted_at_once(cluster: Cluster) -> None:
    assert cluster.sbatch("predict_array.sh", *ARGS).returncode == 0
    assert cluster.runs() == [["-m", "gatbert", "predict", *ARGS, "--resume", "true"]]


def test_a_failure_names_the_shard(cluster: Cluster) -> None:
    given = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "8", "FAIL_ON": "gatbert"}
    done = cluster.sbatch("predict_array.sh", *ARGS, **given)
    assert done.returncode != 0
    assert "prediction failed in shard 3" in done.stderr


def test_without_a_model_and_a_file_nothing_is_run(cluster: Cluster) -> None:
    done = cluster.sbatch("predict_array.sh", "--output", "out.csv")
    assert done.returncode != 0
    assert "give a model and a file first" in done.stderr
    assert cluster.runs() == []
