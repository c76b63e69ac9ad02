"""Averaged weights, against a loop over the formula, in validation, in checkpoints and where training goes on."""

from pathlib import Path
from typing import Any, cast

import lightning.pytorch as pl
import pytest
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from torch import Tensor

import gatbert
from gatbert.callbacks.averaged_weights import _average
from gatbert.data_modules import RandomSplitDataModule
from gatbert.errors import UserError
from gatbert.modules import StanceModule
from tests.tiny import CONFIGS, corpus_rows, save_encoder, write_corpus

DECAY = 0.8

Weights = dict[str, Tensor]


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An encoder without dropout: a training that goes on draws other numbers."""
    config = {**CONFIGS["bert"], "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return save_encoder(tmp_path_factory.mktemp("still"), config=config)


@pytest.fixture
def data(still: str, tmp_path: Path) -> RandomSplitDataModule:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(60))
    return RandomSplitDataModule(tokenizer=still, partitions={str(posts): [0.6, 0.2, 0.2]}, max_length=48)


def module_of(encoder: str, ema: float | None = DECAY) -> StanceModule:
    pl.seed_everything(0, verbose=False)
    settings: dict[str, Any] = {"schedule": "constant", "warmup_ratio": 0.0, "head_dropout": 0.0}
    return StanceModule(encoder, learning_rate=1e-2, ema=ema, **settings)


def trainer(*callbacks: pl.Callback, **options: Any) -> pl.Trainer:
    quiet: dict[str, Any] = {
        "logger": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "num_sanity_val_steps": 0,
    }
    return pl.Trainer(accelerator="cpu", use_distributed_sampler=False, callbacks=[*callbacks], **quiet, **options)


def keep_last(folder: Path) -> ModelCheckpoint:
    return ModelCheckpoint(folder, save_last=True, save_on_train_epoch_end=True)


def copy_of(module: pl.LightningModule) -> Weights:
    return {name: value.detach().clone() for name, value in cast(StanceModule, module).classifier.named_parameters()}


class Kept(pl.Callback):
    """Keep the weights after every step, and those that each validation sees."""

    def __init__(self) -> None:
        self.steps: list[Weights] = []
        self.validated: list[Weights] = []

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        self.steps.append(copy_of(pl_module))

    def on_validation_batch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        if not self.validated or trainer.current_epoch == len(self.validated):
            self.validated.append(copy_of(pl_module))


def averages(steps: list[Weights]) -> list[Weights]:
    """Return the running average after each step: a = d a + (1 - d) w, from the first weights on."""
    found = [steps[0]]
    for weights in steps[1:]:
        found.append({name: DECAY * found[-1][name] + (1 - DECAY) * weights[name] for name in weights})
    return found


def test_validation_checkpoints_and_load_use_the_average(
    still: str, data: RandomSplitDataModule, tmp_path: Path
) -> None:
    kept, best = Kept(), ModelCheckpoint(tmp_path / "kept", monitor="val_macro_f1", mode="max", save_weights_only=True)
    run, module = trainer(kept, best, max_epochs=2), module_of(still)
    run.fit(module, datamodule=data)
    expected = averages(kept.steps)
    per_epoch = len(kept.steps) // 2
    for epoch, seen in enumerate(kept.validated):
        torch.testing.assert_close(seen, expected[(epoch + 1) * per_epoch - 1])
    torch.testing.assert_close(copy_of(module), expected[-1])
    predictor = gatbert.load(best.best_model_path)
    step = torch.load(best.best_model_path, weights_only=True)["global_step"]
    torch.testing.assert_close(dict(predictor.classifier.named_parameters()), expected[step - 1])
    (scores,) = run.test(module, datamodule=data, ckpt_path=best.best_model_path, verbose=False)
    torch.testing.assert_close(copy_of(module), expected[step - 1])
    assert scores["test_loss"] > 0


def test_a_training_that_goes_on_ends_where_one_without_a_stop_does(
    still: str, data: RandomSplitDataModule, tmp_path: Path
) -> None:
    whole = module_of(still)
    trainer(max_epochs=2, enable_checkpointing=False).fit(whole, datamodule=data)
    last = keep_last(tmp_path / "kept")
    trainer(last, max_epochs=1).fit(module_of(still), datamodule=data)
    again = module_of(still)
    trainer(keep_last(tmp_path / "again"), max_epochs=2).fit(again, datamodule=data, ckpt_path=last.last_model_path)
    torch.testing.assert_close(copy_of(again), copy_of(whole))
    with pytest.raises(UserError, match=r"give the same --model\.ema"):
        trainer(keep_last(tmp_path / "refused"), max_epochs=2).fit(
            module_of(still, None), datamodule=data, ckpt_path=last.last_model_path
        )


def test_an_average_cannot_begin_in_the_middle(still: str, data: RandomSplitDataModule, tmp_path: Path) -> None:
    last = keep_last(tmp_path / "kept")
    trainer(last, max_epochs=1).fit(module_of(still, None), datamodule=data)
    with pytest.raises(UserError, match="has no averaged weights; leave ema out"):
        trainer(keep_last(tmp_path / "refused"), max_epochs=2).fit(
            module_of(still), datamodule=data, ckpt_path=last.last_model_path
        )


def test_quantized_weights_stay_whole_numbers() -> None:
    weight = torch.arange(-128, 128, dtype=torch.int8)
    assert _average(0.7, weight, weight, 1) is weight
    halves = _average(0.75, torch.tensor([1.0]), torch.tensor([3.0]), 1)
    torch.testing.assert_close(halves, torch.tensor([1.5]))
