"""What a training takes from its data, and what a test leaves of that."""

from pathlib import Path

from gatbert.data_modules import RandomSplitDataModule
from gatbert.modules.training_data import TrainedOn, TrainingData
from gatbert.samples.pair_settings import PairSettings
from tests.tiny import corpus_rows, write_corpus

READ = PairSettings("{text}", "the {target}")


def test_a_test_changes_the_limits_alone(encoder: str, tmp_path: Path) -> None:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(9))
    partitions = {str(posts): [0.6, 0.2, 0.2]}
    data = RandomSplitDataModule(
        tokenizer=encoder,
        partitions=partitions,
        max_length=40,
        transforms=["mask_target"],
        first=READ.first,
        second=READ.second,
    )
    assert isinstance(data, TrainingData)
    trained = TrainedOn().after(data, trains=True)
    assert trained == TrainedOn(40, READ, ("mask_target",), None)
    assert TrainedOn().after(data, trains=False) == TrainedOn(40, READ)
