"""In ONNX a classifier gives the probabilities of PyTorch, whatever batch and length; others say that they cannot."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.exports import Choices, Extras, export_model
from gatbert.exports.onnx import INT8, ONNX, check_onnx
from gatbert.predictor import StancePredictor
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.stance_classifier import HybridClassifier
from tests.exports.made import TARGETS, TEXTS, predicted, write_checkpoint
from tests.graphs import RELATIONS
from tests.tiny import DECODERS, save_encoder

pytestmark = pytest.mark.filterwarnings("ignore")  # the exporter's own, of Python, PyTorch and its parts


@pytest.mark.slow  # half a minute each, which is the exporter's
@pytest.mark.parametrize("family", ["bert", "deberta-v2", "modernbert", "gpt2"])
def test_it_gives_the_same_probabilities_for_any_batch(family: str, tmp_path: Path) -> None:
    source = save_encoder(tmp_path / "encoder", family)
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", source, pooling="last" if family in DECODERS else "mean")
    wanted = predicted(gatbert.load(checkpoint))
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras(onnx=True))
    session = onnxruntime.InferenceSession(tmp_path / "out" / ONNX, providers=["CPUExecutionProvider"])
    tokenizer = load_tokenizer(source)
    for size in (1, 2, 5):
        inputs = tokenizer(TARGETS[:size], TEXTS[:size], padding=True, return_tensors="np")
        feed = {one.name: np.asarray(inputs[one.name]) for one in session.get_inputs()}
        found = torch.tensor(session.run(None, feed)[0]).softmax(-1)
        torch.testing.assert_close(found, wanted[:size], rtol=0, atol=1e-4)
    assert "largest difference of a probability" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.slow
def test_what_8_bits_cost_is_said(run_folder: Path, tmp_path: Path) -> None:
    export_model(run_folder, tmp_path / "out", "out", Choices(), Extras(onnx_int8=True))
    card = (tmp_path / "out" / "README.md").read_text()
    assert "samples of the test split its macro_f1 is" in card
    assert (tmp_path / "out" / INT8).stat().st_size < (tmp_path / "out" / ONNX).stat().st_size


def test_graph_classifiers_say_that_they_cannot(encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder, HybridClassifier, RELATIONS)
    with pytest.raises(UserError, match="onnx: HybridClassifier cannot be written in ONNX"):
        check_onnx(StancePredictor.from_checkpoint(checkpoint))


def test_without_the_packages_it_is_named(encoder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", encoder)
    monkeypatch.setitem(__import__("sys").modules, "onnxscript", None)
    with pytest.raises(UserError, match=r'pip install "gatbert\[onnx\]"'):
        check_onnx(StancePredictor.from_checkpoint(checkpoint))
