"""What a training asks of the data, the data modules have."""

from gatbert.data_modules import StanceDataModule
from gatbert.nn.training_data import TrainingData


def test_data_modules_have_all_that_is_asked_for() -> None:
    asked = {name for name in vars(TrainingData) if not name.startswith("_")}
    assert asked - {"transforms"} <= set(dir(StanceDataModule))  # transforms are set as one is made
