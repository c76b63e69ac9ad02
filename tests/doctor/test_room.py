"""Room for checkpoints is compared with what is free."""

from pathlib import Path

import pytest

from gatbert.doctor.room import LARGE_CACHE, UNKNOWN_WEIGHTS, _bytes_of_weights, look_at_cache, look_at_output
from gatbert.files.caches import CachedCorpus
from gatbert.pretrained.encoders import load_encoder
from tests.doctor.runs import asked


def test_weights_are_counted_without_loading_them(encoder: str) -> None:
    # The whole model has a pooling layer, which is not trained.
    weights = 4 * sum(weight.numel() for weight in load_encoder(encoder).parameters())
    assert weights <= _bytes_of_weights(encoder) < 1.2 * weights
    assert _bytes_of_weights("lab/encoder") == _bytes_of_weights("./nowhere") == UNKNOWN_WEIGHTS


def test_a_checkpoint_is_as_large_as_its_file(run_folder: Path) -> None:
    path = run_folder / "checkpoints" / "last.ckpt"
    assert _bytes_of_weights(str(path)) == path.stat().st_size


def test_more_checkpoints_need_more_room(encoder: str, tmp_path: Path) -> None:
    where = ["--pretrained_model", encoder, "--trainer.logger.init_args.save_dir", tmp_path / "a" / "b"]
    few, many = (next(iter(look_at_output(asked(*where, "--checkpoint.save_top_k", k)))).what for k in (1, 9))
    assert few != many
    assert list(tmp_path.iterdir()) == []


def test_a_large_cache_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cache = CachedCorpus(tmp_path, LARGE_CACHE + 1, 0.0, 0.0, ())
    monkeypatch.setattr("gatbert.doctor.room.cached_corpora", lambda _: [cache])
    (finding,) = look_at_cache(asked("--data.cache_dir", tmp_path))
    assert (finding.state, f"1 encoded corpora, 20 GB, in {tmp_path}" in finding.what) == ("warning", True)
    assert "cache prune" in finding.remedy
