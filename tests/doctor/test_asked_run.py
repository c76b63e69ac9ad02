"""A run is what its arguments say, as the run itself would read them."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from tests.doctor.runs import asked


def test_its_configuration_is_resolved_as_for_the_run() -> None:
    run = asked("--model.learning_rate", "0.25", "--data.batch_size", "4")
    assert (run.config.model.learning_rate, run.config.early_stopping.monitor) == (0.25, "val_macro_f1")
    assert (run.data.batch_size, run.data.tokenizer) == (4, run.config.pretrained_model)


def test_it_knows_where_it_writes() -> None:
    assert asked("--trainer.logger.init_args.save_dir", "there").save_dir == Path("there")
    assert asked("--trainer.logger", "false").save_dir is None


def test_a_wrong_argument_is_refused_when_it_is_looked_at() -> None:
    run = asked("--model.learning_rate", "fast")
    with pytest.raises(UserError, match="learning_rate fast"):
        _ = run.config
