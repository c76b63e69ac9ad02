"""Zero shots on the command line: an NLI model is tested as it is, and nothing else is."""

from pathlib import Path

import pytest

from gatbert.pretrained.checkpoints import Recipe
from gatbert.samples.pair_settings import PairSettings
from tests.command_line import CommandLine, last_scores, rows_of, training_arguments, write_data
from tests.pretrained.test_nli_head import save_nli
from tests.tiny import corpus_rows, write_corpus


def test_an_nli_model_is_tested_without_training_and_trained_from_there(
    command_line: CommandLine, tmp_path: Path
) -> None:
    source = save_nli(tmp_path / "nli")
    data = write_data(tmp_path / "data.yaml", write_corpus(tmp_path / "posts.csv", corpus_rows(60)))
    arguments = [*training_arguments(source, tmp_path / "results"), "--data", str(data)]
    command_line("test", *arguments)
    zero = tmp_path / "results" / "gatbert" / "v1"
    assert "test_macro_f1" in last_scores(zero, "test")
    before = rows_of(zero / "predictions.test.csv")
    frozen = ["--model.pooling", "nli", "--model.learning_rate", "1e-30", "--trainer.logger.init_args.version", "v2"]
    command_line("fit_and_test", *arguments, *frozen)
    run = tmp_path / "results" / "gatbert" / "v2"
    pair = Recipe.read(run / "checkpoints" / "last.ckpt").pair
    assert pair == PairSettings("{text}", "The author is in favor of {target}.")
    after = rows_of(run / "predictions.test.csv")
    for one, other in zip(before, after, strict=True):
        assert float(one["prob_favor"]) == pytest.approx(float(other["prob_favor"]), abs=1e-5)


def test_other_models_need_a_checkpoint(
    command_line: CommandLine, encoder: str, common: list[str], tmp_path: Path
) -> None:
    assert "test needs a trained model; give --ckpt_path" in command_line.refused("test", *common)
    source = save_nli(tmp_path / "nli")
    error = command_line.refused("test", *common, "--pretrained_model", source, "--model.pooling", "first")
    assert "needs a trained model" in error
