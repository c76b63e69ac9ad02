"""The code that goes along is a model of transformers like any other, and knows nothing of gatbert."""

import ast
from pathlib import Path

import torch
from transformers import AutoConfig

from gatbert.exports import modeling_stance
from gatbert.exports.modeling_stance import StanceConfig, StanceForSequenceClassification
from tests.tiny import SIZES


def made(pooling: str) -> StanceForSequenceClassification:
    encoder = {"model_type": "bert", **SIZES, "vocab_size": 30, "max_position_embeddings": 16}
    torch.manual_seed(0)
    model = StanceForSequenceClassification(StanceConfig(encoder, pooling, 2, 5, num_labels=3))
    model.train(False)
    return model


def test_it_imports_no_gatbert() -> None:
    tree = ast.parse(Path(modeling_stance.__file__).read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    assert {str(name).partition(".")[0] for name in modules} == {
        "inspect",
        "itertools",
        "typing",
        "torch",
        "transformers",
    }


def test_padding_changes_nothing_and_a_loss_is_that_of_the_labels() -> None:
    ids = torch.tensor([[2, 7, 9, 3]])
    padded = torch.tensor([[2, 7, 9, 3, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0]])
    for pooling in ("first", "mean", "last"):
        model = made(pooling)
        with torch.no_grad():
            alone = model(ids, labels=torch.tensor([1]))
            beside = model(padded, mask)
        torch.testing.assert_close(beside.logits, alone.logits, rtol=0, atol=1e-6)
        torch.testing.assert_close(alone.loss, -alone.logits.log_softmax(-1)[0, 1])


def test_it_is_saved_and_loaded(tmp_path: Path) -> None:
    model = made("mean")
    model.save_pretrained(tmp_path)
    again = StanceForSequenceClassification.from_pretrained(tmp_path)
    ids = torch.tensor([[2, 7, 9, 3]])
    with torch.no_grad():
        torch.testing.assert_close(again(ids).logits, model(ids).logits)
    assert again.config.head_hidden_size == 5
    assert AutoConfig.for_model(**again.config.encoder).hidden_size == SIZES["hidden_size"]
