"""What is exported is the checkpoint that a run tested, and what of it can be written."""

import json
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.exports.source import find_source, open_source
from gatbert.pretrained.adapters import Lora
from tests.exports.made import write_checkpoint
from tests.tiny import save_encoder, wide_config


def test_of_a_run_it_is_the_best_checkpoint(run_folder: Path) -> None:
    best = json.loads((run_folder / "run.json").read_text())["best_checkpoint"]["path"]
    found = find_source(run_folder)
    assert found.checkpoint == run_folder / best
    assert found.is_best
    assert find_source(run_folder / best).is_best
    last = find_source(run_folder / "checkpoints" / "last.ckpt")
    assert (last.run, last.is_best) == (run_folder, False)


def test_a_checkpoint_alone_has_no_run(tmp_path: Path) -> None:
    found = find_source(tmp_path / "a.ckpt")
    assert (found.checkpoint, found.run, found.is_best) == (tmp_path / "a.ckpt", None, False)
    with pytest.raises(UserError, match="does not exist"):
        open_source(found)


def test_a_run_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"status": "finished"}')
    with pytest.raises(UserError, match=r"\(finished\) has no checkpoint .*last\.ckpt"):
        find_source(tmp_path)
    (tmp_path / "run.json").write_text('{"best_checkpoint": {"path": "checkpoints/gone.ckpt"}}')
    with pytest.raises(UserError, match=r"has no checkpoint .*gone\.ckpt"):
        find_source(tmp_path)


@pytest.mark.slow
def test_an_adapter_to_a_quantized_encoder_is_not_merged(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    source = save_encoder(tmp_path / "encoder", config=wide_config("bert"))
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", source, lora=Lora(rank=2, quantize="8bit"))
    with pytest.raises(UserError, match="an adapter to an encoder in 8bit: merged into whole weights"):
        open_source(find_source(checkpoint))
