"""Corpora in one training: read, balanced, weighed, and each with its own stances."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gatbert.data_modules import MixedDataModule
from gatbert.errors import UserError
from gatbert.modules import StanceModule
from tests.tiny import corpus_rows, write_corpus


@pytest.fixture
def corpora(tmp_path: Path) -> list[dict[str, Any]]:
    """A corpus of 60 posts with three stances, and one of 20 with two, whose ids are the same."""
    rows = corpus_rows(100)
    three = write_corpus(tmp_path / "three.csv", rows[:60])
    two = [{**row, "id": f"p{number}"} for number, row in enumerate(rows[60:]) if row["stance"] != "neutral"][:20]
    shares = [0.6, 0.2, 0.2]
    return [
        {"name": "three", "paths": str(three), "shares": shares},
        {
            **{"name": "two", "paths": str(write_corpus(tmp_path / "two.csv", two)), "shares": shares},
            **{"stances": ["against", "favor"], "weight": 2.0},
        },
    ]


def prepared(encoder: str, corpora: list[dict[str, Any]], **options: Any) -> MixedDataModule:
    data = MixedDataModule(corpora=corpora, tokenizer=encoder, batch_size=8, max_length=48, **options)
    data.prepare_data()
    return data


def test_what_is_read_is_said_by_corpus(
    encoder: str, corpora: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    data = prepared(encoder, corpora)
    said = capsys.readouterr().out
    for name in ("train", "val", "test"):
        sizes = [sum(sample.meta["corpus"] == corpus for sample in data.samples(name)) for corpus in ("three", "two")]
        assert f"{name}: {sum(sizes)} samples (" in said
        assert f", {sizes[0]} of three and {sizes[1]} of two, " in said
        assert data.summary.splits[name].corpora == {"three": sizes[0], "two": sizes[1]}
    assert len({sample.id for name in ("train", "val", "test") for sample in data.samples(name)}) == 80


def test_skipped_labels_are_said_with_their_number(
    encoder: str, corpora: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    corpora[0]["labels"] = {"favor": "favor", "against": "against", "neutral": None}
    data = prepared(encoder, corpora, stances=["against", "favor"])
    said = capsys.readouterr().out
    assert "neutral is skipped (20)" in said
    assert "warning" not in said
    assert data.provenance().read["skipped"] == {"neutral": 20}


def test_weights_need_no_new_encoding(encoder: str, corpora: list[dict[str, Any]]) -> None:
    before = prepared(encoder, corpora).folder
    corpora[0]["weight"] = 5.0
    assert prepared(encoder, corpora, sampling="balanced").folder == before


def test_balanced_batches_hold_as_much_of_each(encoder: str, corpora: list[dict[str, Any]]) -> None:
    shares = {}
    for sampling in ("proportional", "balanced"):
        data = prepared(encoder, corpora, sampling=sampling)
        index = torch.cat([batch.corpus_index for batch in data.train_dataloader()])
        shares[sampling] = torch.bincount(index).tolist()
    assert shares["proportional"] == list(data.summary.splits["train"].corpora.values())
    assert abs(shares["balanced"][0] - shares["balanced"][1]) <= 1
    assert sum(shares["balanced"]) == sum(shares["proportional"])


def test_loss_and_prediction_know_corpora(
    encoder: str, corpora: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loss against its formula: log-likelihood over the stances of a corpus, times its weight."""
    data = prepared(encoder, corpora)
    module = StanceModule(encoder).eval()
    monkeypatch.setattr(module, "log", lambda *_, **__: None)  # no trainer
    module.mixture.use(data.corpus)
    batch = next(batch for batch in data.train_dataloader() if 0 < batch.corpus_index.sum() < 8)
    logits, expected = module.classifier(batch), torch.zeros(())
    for row, corpus, gold in zip(logits, batch.corpus_index.tolist(), batch.stance_index.tolist(), strict=True):
        own = row[:2] if corpus else row
        expected = expected - (2 if corpus else 1) * own.log_softmax(-1)[gold] / len(batch)
    torch.testing.assert_close(module.training_step(batch, 0), expected)
    probabilities = module.predict_step(batch, 0)
    assert probabilities[batch.corpus_index == 1, 2].tolist() == [0] * int(batch.corpus_index.sum())
    assert (probabilities[batch.corpus_index == 0] > 0).all()


def test_a_leak_across_corpora_is_found(encoder: str, corpora: list[dict[str, Any]], tmp_path: Path) -> None:
    (row,) = list(corpus_rows(1))
    test = write_corpus(tmp_path / "other.csv", [{**row, "id": "again"}])
    corpora[0] = {"name": "three", "train": corpora[0]["paths"], "val_fraction": 0}
    with pytest.raises(UserError, match=r"leak: 1 pair .* train .*three\.csv:2 and test .*other\.csv:2"):
        prepared(encoder, [*corpora, {"name": "other", "test": str(test)}])
