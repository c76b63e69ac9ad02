"""A text classifier in ONNX, for machines without PyTorch: written, and compared with what it was written from."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from gatbert.errors import UserError
from gatbert.evaluation.corpus import read_tested
from gatbert.evaluation.runs import read_run
from gatbert.evaluation.scores import stance_scores
from gatbert.evaluation.shown import percent
from gatbert.exports.hub_model import probe_inputs, probe_probabilities
from gatbert.exports.measured import Measured
from gatbert.exports.source import Source
from gatbert.pretrained.hub import first_line
from gatbert.samples import Sample
from gatbert.samples.transforms import transformed
from gatbert.stance_classifier import TextBatch, TextClassifier
from gatbert.stance_classifier.trained import TrainedClassifier

ONNX, INT8 = "model.onnx", "model_int8.onnx"

CLOSE = 1e-4
"""Difference of a probability above which a model in ONNX is not written."""

LARGE = 1_500_000_000
"""Bytes of weights above which they are written beside a model: ONNX holds 2 GB in one file."""

BATCH_SIZE = 16
MISSING = 'onnx needs the packages onnx, onnxruntime and onnxscript; pip install "gatbert[onnx]", or leave --onnx out'

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OnnxModel:
    """Hold what is said of a model in ONNX.

    Attributes:
        difference: Largest difference of a probability from PyTorch's.
        int8: What its weights in 8 bits cost; ``None`` if it has no such form.
    """

    difference: str
    int8: str | None = None


class _DecidedLogits(nn.Module):
    """Compute the logits of the probabilities that a predictor gives, from plain tensors."""

    def __init__(self, predictor: TrainedClassifier) -> None:
        super().__init__()
        self.classifier, self.stances, self.decision = predictor.classifier, predictor.stances, predictor.decision

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        nothing = input_ids[:, 0]
        batch = TextBatch(nothing, nothing, nothing, input_ids, attention_mask, token_type_ids)
        return self.decision.logits(self.classifier(batch), self.stances)


def check_onnx(predictor: TrainedClassifier) -> None:
    """Refuse what cannot be written, before anything is.

    Raises:
        UserError: If the classifier reads more than text, or a package is not installed.
    """
    if not isinstance(predictor.classifier, TextClassifier):
        raise UserError(
            f"onnx: {type(predictor.classifier).__name__} cannot be written in ONNX, as its inputs are packed graphs "
            "of any size; leave --onnx out"
        )
    try:
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise UserError(MISSING) from error


def write_onnx(folder: Path, predictor: TrainedClassifier) -> OnnxModel:
    """Write ``model.onnx``, whose inputs may have any batch and length, and compare it with the classifier.

    Args:
        folder: A folder that exists.
        predictor: The classifier, on the CPU.

    Raises:
        UserError: If the exporter of PyTorch cannot write its encoder, or what it wrote computes something else.
    """
    inputs, path = probe_inputs(predictor), folder / ONNX
    family = predictor.classifier.encoder.config.model_type
    try:
        _write(path, predictor, inputs)
    except Exception as error:  # the exporter wraps whatever a model raises under it
        raise UserError(
            f"onnx: the family {family!r} cannot be written by this PyTorch ({first_line(error)}); leave --onnx out"
        ) from error
    found = _softmax(_logits(path, inputs))
    difference = float(np.abs(found - probe_probabilities(predictor, inputs).double().numpy()).max())
    if not difference <= CLOSE:
        raise UserError(f"onnx: {family!r} in ONNX differs from PyTorch by {difference:.2g}; leave --onnx out")
    return OnnxModel(f"{difference:.1g}")


def write_int8(folder: Path, predictor: TrainedClassifier, source: Source, measured: Measured | None) -> str:
    """Write ``model_int8.onnx`` beside ``model.onnx``, and return in a sentence what it costs.

    Args:
        folder: The folder.
        predictor: The classifier, on the CPU.
        source: Where it comes from.
        measured: What its run predicted, which is compared.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(folder / ONNX, folder / INT8, weight_type=QuantType.QInt8)
    samples, why_not = _samples(source, measured)
    if measured is None or not samples:
        return f"What that costs in score is not known: {why_not}"
    whole, small = (_predicted(folder / name, predictor, samples) for name in (ONNX, INT8))
    stances = predictor.stances
    gold = np.array([stances.index(str(sample.stance)) for sample in samples])
    before, after = (
        float(stance_scores(_confusion(gold, found, len(stances)), stances)["macro_f1"]) for found in (whole, small)
    )
    changed = float((whole != small).mean())
    return (
        f"On {len(samples):,} samples of the {measured.split} split its macro_f1 is {percent(after)}, where that of "
        f"model.onnx is {percent(before)} ({percent(after - before, sign=True)} points); {changed:.1%} of the "
        "predictions change."
    )


def _write(path: Path, predictor: TrainedClassifier, inputs: dict[str, Tensor]) -> None:
    """Write a classifier with PyTorch's exporter; batch and length of its inputs are free."""
    free = {name: dict.fromkeys((0, 1), torch.export.Dim.DYNAMIC) for name in inputs}
    size = sum(weight.numel() * weight.element_size() for weight in predictor.classifier.parameters())
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it names each package that it would know, too
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its own parts
        torch.onnx.export(
            _DecidedLogits(predictor).eval(),
            (),
            path,
            kwargs=inputs,
            dynamo=True,
            dynamic_shapes=free,
            input_names=[*inputs],
            output_names=["logits"],
            external_data=size > LARGE,
            verbose=False,
        )


def _samples(source: Source, measured: Measured | None) -> tuple[list[Sample], str]:
    """Return the samples that a run predicted and whose gold is known, or why they are not there."""
    if source.run is None or measured is None:
        return [], "no predictions of this very checkpoint are known here."
    known = measured.predictions
    run = read_run(source.run, measured.split)
    corpus = read_tested(run.settings, known.ids[known.known].tolist(), known.stances, measured.split)
    return [sample for sample in corpus.tested.values() if sample.stance in known.stances], " ".join(corpus.notes)


def _predicted(path: Path, predictor: TrainedClassifier, samples: Sequence[Sample]) -> npt.NDArray[np.int64]:
    """Return the stance that a model in ONNX predicts for each sample ``(samples,)``."""
    preprocessor = predictor.preprocessor
    encoded = preprocessor.encode(transformed(samples, predictor.transforms, preprocessor.mask_token))
    session = _session(path)
    found = []
    for start in range(0, len(encoded), BATCH_SIZE):
        batch = preprocessor.collate(encoded[start : start + BATCH_SIZE])
        names = [one.name for one in session.get_inputs()]
        found.append(session.run(None, {name: getattr(batch, name).numpy() for name in names})[0].argmax(1))
    predicted: npt.NDArray[np.int64] = np.concatenate(found)
    return predicted


def _confusion(gold: npt.NDArray[np.int64], found: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.bincount(gold * size + found, minlength=size**2).reshape(size, size)


def _logits(path: Path, inputs: Mapping[str, Tensor]) -> Floats:
    """Return what a model in ONNX makes of some inputs ``(batch, stances)``."""
    session = _session(path)
    names = [one.name for one in session.get_inputs()]
    logits: Floats = session.run(None, {name: inputs[name].numpy() for name in names})[0].astype(np.float64)
    return logits


def _session(path: Path) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares
