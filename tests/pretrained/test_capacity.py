"""How many tokens an encoder has positions for, tried at the very limit."""

from pathlib import Path

import pytest
import torch

from gatbert.errors import UserError
from gatbert.pretrained.capacity import check_length, max_positions
from gatbert.pretrained.encoders import load_encoder
from tests.tiny import save_encoder

POSITIONS = {
    "bert": 64,
    "roberta": 62,
    "distilbert": 64,
    "deberta-v2": None,
    "modernbert": None,
    "gpt2": 64,
    "llama": None,
}


@pytest.mark.parametrize(("family", "positions"), POSITIONS.items())
def test_positions_of_each_family(family: str, positions: int | None, tmp_path: Path) -> None:
    encoder = load_encoder(save_encoder(tmp_path, family)).eval()
    assert max_positions(encoder) == positions
    encoder(torch.full((1, positions or 100), 9))
    if positions is not None:
        with pytest.raises((IndexError, RuntimeError)):
            encoder(torch.full((1, positions + 1), 9))
        with pytest.raises(UserError, match=f"more than the {positions} positions of it; give --data.max_length"):
            check_length(encoder, positions + 1, "it")
