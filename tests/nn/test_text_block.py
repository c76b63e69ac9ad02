"""Texts as padded squares: each token reads the tokens of its own text, in its window."""

import pytest
import torch

from gatbert.batches.packed import GraphBatch, pack_graphs
from gatbert.nn.text_block import TextBlock, at_least_fp32, largest_logit, pad_rows
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from tests.graphs import random_samples

HEADS, SIZE = 2, 3


@pytest.fixture(scope="module")
def batch(encoder: str) -> GraphBatch:
    return pack_graphs(HybridPreprocessor(load_tokenizer(encoder)).encode(random_samples()), with_tokens=True)


@pytest.mark.parametrize("window", [None, 2])
@pytest.mark.parametrize("everyone", [True, False])
def test_each_token_reads_its_own_text(batch: GraphBatch, window: int | None, everyone: bool) -> None:
    torch.manual_seed(0)
    q, k, v = torch.randn(3, len(batch.sample_of_row), HEADS, SIZE).unbind()
    num_rows = batch.num_token_rows if everyone else len(batch)
    block = TextBlock.from_batch(batch, num_rows)
    read = block.read(block.logits(q, k, window).softmax(-1).nan_to_num(0.0), v)
    assert len(read) == num_rows
    for row in range(num_rows):
        text = torch.nonzero(batch.sample_of_row[: batch.num_token_rows] == batch.sample_of_row[row]).flatten()
        apart = (batch.position_ids[text] - batch.position_ids[row]).abs()
        text = text[apart < (window or 1000)]
        weights = torch.einsum("hd,jhd->jh", q[row], k[text]).softmax(0)
        torch.testing.assert_close(read[row], torch.einsum("jh,jhd->hd", weights, v[text]))


def test_the_largest_logit_of_what_attends_to_nothing_is_finite() -> None:
    logits = torch.tensor([[[[1.0, 3.0], [-torch.inf, -torch.inf]]]])
    assert largest_logit(logits).tolist() == [[[3.0, 0.0]]]
    assert largest_logit(torch.zeros(2, 1, 4, 0)).shape == (2, 1, 4)


def test_rows_are_appended() -> None:
    torch.testing.assert_close(pad_rows(torch.ones(2, 1), 3, fill=5.0), torch.tensor([[1.0], [1.0], [5.0]]))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.float64])
def test_no_value_loses_precision(dtype: torch.dtype) -> None:
    expected = torch.float64 if dtype == torch.float64 else torch.float32
    assert at_least_fp32(torch.zeros(1, dtype=dtype)).dtype == expected
