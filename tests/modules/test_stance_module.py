"""StanceModule: its loss, its learning rates and what it logs, against PyTorch and by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from gatbert.batches import NO_GOLD
from gatbert.data_modules import RandomSplitDataModule
from gatbert.errors import UserError
from gatbert.modules import StanceModule
from gatbert.samples import Sample
from gatbert.stance_classifier import TextBatch
from tests.tiny import corpus_rows, write_corpus

GOLD = torch.tensor([0, 1, 2, 1])


@pytest.fixture
def data(encoder: str, tmp_path: Path) -> RandomSplitDataModule:
    rows = [row for row in corpus_rows(120) if row["stance"] != "neutral" or row["id"].endswith("2")]
    posts = write_corpus(tmp_path / "posts.csv", rows)
    return RandomSplitDataModule(
        tokenizer=encoder, partitions={str(posts): [0.6, 0.2, 0.2]}, max_length=48, batch_size=8
    )


def batch_of(data: RandomSplitDataModule, gold: Tensor = GOLD) -> TextBatch:
    texts = ["good zoo", "bad zoo", "why", "harm harm harm"]
    encoded = data.preprocessor.encode([Sample(str(i), text, "zoo") for i, text in enumerate(texts)])
    batch = data.preprocessor.collate(encoded)
    return replace(batch, stance_index=gold, sample_index=torch.arange(4))  # type: ignore[return-value]  # a batch of its texts


def trainer(**options: Any) -> pl.Trainer:
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    settings = {"accelerator": "cpu", "max_epochs": 2, "enable_model_summary": False, **quiet, **options}
    return pl.Trainer(**settings, use_distributed_sampler=False)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weights", [None, {"against": 1.0, "favor": 2.0, "neutral": 0.5}])
def test_loss_equals_pytorchs(
    encoder: str, data: RandomSplitDataModule, smoothing: float, weights: dict[str, float] | None
) -> None:
    module = StanceModule(encoder, class_weights=weights, label_smoothing=smoothing).eval()
    module.log = lambda *_, **__: None  # type: ignore[method-assign]  # there is no trainer
    batch = batch_of(data)
    given = None if weights is None else torch.tensor(list(weights.values()))
    expected = functional.cross_entropy(module(batch), GOLD, given, label_smoothing=smoothing).detach()
    torch.testing.assert_close(module.training_step(batch, 0).detach(), expected)
    module.validation_step(batch, 0)
    assert module.val_scores.compute()["loss"] == pytest.approx(float(expected), abs=1e-6)


def test_samples_without_gold_do_not_count_in_the_loss(encoder: str, data: RandomSplitDataModule) -> None:
    module = StanceModule(encoder).eval()
    batch = batch_of(data, torch.tensor([0, 1, 2, NO_GOLD]))
    expected = functional.cross_entropy(module(batch)[:3], GOLD[:3]).detach()
    probabilities = module.test_step(batch, 0)
    assert module.test_scores.compute()["loss"] == pytest.approx(float(expected), abs=1e-6)
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(4))


def test_balanced_weights_are_inverse_to_training_frequencies(encoder: str, data: RandomSplitDataModule) -> None:
    module = StanceModule(encoder, class_weights="balanced")
    trainer(max_epochs=1).fit(module, datamodule=data)
    counts = data.stance_counts()
    assert counts.unique().numel() > 1
    torch.testing.assert_close(
        module.class_weights * counts, torch.full((3,), float(counts.sum()) / 3), check_dtype=False
    )


class Rates(pl.Callback):
    """Keep the learning rate of every step."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def on_train_batch_start(self, trainer: pl.Trainer, *_: Any) -> None:
        self.seen.append(trainer.optimizers[0].param_groups[0]["lr"])


@pytest.mark.parametrize("schedule", ["linear", "cosine", "constant"])
def test_the_schedule_steps_every_step(encoder: str, data: RandomSplitDataModule, schedule: Any) -> None:
    rates = Rates()
    module = StanceModule(encoder, learning_rate=1.0, schedule=schedule, warmup_ratio=0.25)
    run = trainer(max_steps=8, max_epochs=-1, callbacks=[rates])
    run.fit(module, datamodule=data)
    after: dict[Any, list[float]] = {
        "linear": [1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6],
        "cosine": [(1 + torch.cos(torch.tensor(torch.pi * i / 6)).item()) / 2 for i in range(6)],
        "constant": [1] * 6,
    }
    assert rates.seen == pytest.approx([0, 0.5, *after[schedule]], abs=1e-6)


def test_a_delayed_encoder_stays_as_it_is_while_all_else_is_trained(encoder: str, data: RandomSplitDataModule) -> None:
    class Changes(pl.Callback):
        def on_train_batch_end(self, trainer: pl.Trainer, module: pl.LightningModule, *_: Any) -> None:
            now = dict(cast(StanceModule, module).classifier.named_parameters())
            changed.append({name.partition(".")[0] for name, old in before.items() if not torch.equal(old, now[name])})

    changed: list[set[str]] = []
    module = StanceModule(encoder, learning_rate=1e-2, warmup_ratio=0.0, encoder_delay=0.5)
    before = {name: parameter.detach().clone() for name, parameter in module.classifier.named_parameters()}
    trainer(max_steps=4, max_epochs=-1, callbacks=[Changes()]).fit(module, datamodule=data)
    assert changed == [{"head"}, {"head"}, {"encoder", "head"}, {"encoder", "head"}]


def test_the_encoder_trains_and_evaluation_puts_it_back(encoder: str, data: RandomSplitDataModule) -> None:
    class Modes(pl.Callback):
        def on_train_batch_start(self, trainer: pl.Trainer, module: pl.LightningModule, *_: Any) -> None:
            modes.append(cast(StanceModule, module).classifier.encoder.training)

    modes: list[bool] = []
    module = StanceModule(encoder, learning_rate=1e-3)
    before = {name: parameter.clone() for name, parameter in module.classifier.encoder.named_parameters()}
    trainer(callbacks=[Modes()]).fit(module, datamodule=data)
    assert set(modes) == {True}
    after = dict(module.classifier.encoder.named_parameters())
    unchanged = [name for name, parameter in before.items() if torch.equal(parameter, after[name])]
    assert all("position" in name or "word" in name or "token_type" in name for name in unchanged), unchanged


@pytest.mark.slow
def test_learns_what_a_word_gives_away(encoder: str, tmp_path: Path) -> None:
    posts = write_corpus(tmp_path / "posts.csv", corpus_rows(300))
    data = RandomSplitDataModule(
        tokenizer=encoder, partitions={str(posts): [0.6, 0.2, 0.2]}, max_length=48, batch_size=16
    )
    pl.seed_everything(0)
    module = StanceModule(encoder, learning_rate=1e-2, pooling="mean", head_dropout=0.0)
    run = trainer(max_epochs=6)
    run.fit(module, datamodule=data)
    (scores,) = run.test(module, datamodule=data, verbose=False)
    assert scores["test_macro_f1"] > 0.9


def test_an_endless_schedule_is_refused(encoder: str, data: RandomSplitDataModule) -> None:
    with pytest.raises(UserError, match="needs an end"):
        trainer(max_epochs=-1).fit(StanceModule(encoder), datamodule=data)


def test_options_are_refused_outside_their_range(encoder: str) -> None:
    with pytest.raises(UserError, match=r"head_dropout 1\.0 is not accepted; accepted is at least 0 less than 1"):
        StanceModule(encoder, head_dropout=1.0)
    with pytest.raises(UserError, match="TextClassifier takes no option att_type"):
        StanceModule(encoder, att_type="hetero")
    with pytest.raises(TypeError, match="pooli"):
        StanceModule(encoder, pooli="mean")


def test_hyperparameters_are_plain_values(encoder: str) -> None:
    module = StanceModule(encoder, pooling="mean")
    assert module.hparams["classifier"] == "gatbert.stance_classifier.TextClassifier"
    assert module.hparams["pooling"] == "mean"
    assert all(isinstance(value, str | int | float | None) for value in module.hparams.values())


def test_encoders_without_gradient_checkpointing_say_so(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import BertModel

    monkeypatch.setattr(BertModel, "supports_gradient_checkpointing", False)
    with pytest.raises(UserError, match="does not support gradient_checkpointing"):
        StanceModule(encoder, gradient_checkpointing=True)
