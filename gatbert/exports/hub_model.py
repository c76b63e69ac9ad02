"""A classifier as a model of transformers: of its family, or of the code that goes along, or its encoder alone."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.exports import modeling_stance
from gatbert.exports.family_head import decided_output, family_models, labelled, probabilities
from gatbert.exports.modeling_stance import StanceConfig, StanceForSequenceClassification
from gatbert.pretrained.nli_head import NliHead
from gatbert.stance_classifier import TextBatch, TextClassifier
from gatbert.stance_classifier.trained import TrainedClassifier

CLOSE = 1e-6
"""Difference of a probability that is none."""

CODE = Path(modeling_stance.__file__)
AUTO_MAP = {
    "AutoConfig": f"{CODE.stem}.{StanceConfig.__name__}",
    "AutoModelForSequenceClassification": f"{CODE.stem}.{StanceForSequenceClassification.__name__}",
}

PROBE = [["wind power", "good"], ["a", "we should never pay more tax for a zoo, should we? it is not fair"]]
"""Pairs of unequal length, on which two models are compared: their words do not matter."""


@dataclass(frozen=True)
class HubModel:
    """Hold what transformers can load of a classifier.

    Attributes:
        model: The model.
        encoder_prefix: What the names of its encoder's weights begin with.
        classifies: Whether it gives the classifier's probabilities; otherwise it is the encoder alone.
        own_code: Whether it needs the code that goes along.
    """

    model: PreTrainedModel
    encoder_prefix: str
    classifies: bool
    own_code: bool


def hub_model(predictor: TrainedClassifier) -> HubModel:
    """Return what transformers can load of a classifier, by preference of the family itself.

    Args:
        predictor: The classifier, without adapters, on the CPU.
    """
    classifier, stances, decision = predictor.classifier, predictor.stances, predictor.decision
    if type(classifier) is not TextClassifier:  # a subclass may compute anything
        return HubModel(classifier.encoder, "", classifies=False, own_code=False)
    inputs = probe_inputs(predictor)
    wanted = probe_probabilities(predictor, inputs)
    for model in family_models(classifier, stances, decision):
        if _alike(model, inputs, wanted):
            return HubModel(model, f"{model.base_model_prefix}.", classifies=True, own_code=False)
    if not isinstance(classifier.head, NliHead) and _alike(
        own := _own_model(classifier, stances, predictor), inputs, wanted
    ):
        return HubModel(own, "encoder.", classifies=True, own_code=True)
    return HubModel(classifier.encoder, "", classifies=False, own_code=False)


def probe_inputs(predictor: TrainedClassifier) -> dict[str, Tensor]:
    """Return the inputs of some pairs, padded, as the tokenizer gives them to a pipeline."""
    firsts, seconds = map(list, zip(*PROBE, strict=True))
    tokenizer: Any = predictor.preprocessor.tokenizer  # type: ignore[attr-defined]  # of every TextPreprocessor
    return dict(tokenizer(firsts, seconds, padding=True, return_tensors="pt"))


def probe_probabilities(predictor: TrainedClassifier, inputs: dict[str, Tensor]) -> Tensor:
    """Return the probabilities of the classifier itself for these inputs ``(batch, stances)``."""
    nothing = torch.zeros(len(PROBE), dtype=torch.int64)
    given = inputs["input_ids"], inputs["attention_mask"], inputs.get("token_type_ids")
    batch = TextBatch(nothing, nothing, nothing, *given)
    with torch.inference_mode():
        return predictor.decided_logits(batch).softmax(-1)


def _alike(model: PreTrainedModel, inputs: dict[str, Tensor], wanted: Tensor) -> bool:
    """Tell whether a model gives these probabilities; one that takes other inputs does not."""
    try:
        return torch.allclose(probabilities(model.eval(), inputs), wanted, rtol=0, atol=CLOSE)
    except (RuntimeError, TypeError, AttributeError, IndexError, ValueError):
        return False


def _own_model(classifier: TextClassifier, stances: Sequence[str], predictor: TrainedClassifier) -> PreTrainedModel:
    """Return a classifier as the model of the code that goes along."""
    linear = [one for one in classifier.head.modules() if isinstance(one, nn.Linear)]
    plain = classifier.encoder.config.to_diff_dict()
    values = {"model_type": classifier.encoder.config.model_type, **plain}
    config = StanceConfig(
        {name: value for name, value in values.items() if not name.startswith("_")},
        classifier.pooling,
        len(linear),
        linear[0].out_features if len(linear) > 1 else None,
    )
    config.auto_map = AUTO_MAP
    model = StanceForSequenceClassification(labelled(config, stances))
    model.encoder.load_state_dict(classifier.encoder.state_dict())
    head = deepcopy(classifier.head)
    decided_output([one for one in head.modules() if isinstance(one, nn.Linear)][-1], stances, predictor.decision)
    model.head.load_state_dict(head.state_dict())
    return model
