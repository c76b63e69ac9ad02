"""A classifier as the classification model of its encoder's family, which transformers knows: the same function.

Families put a dense layer and an activation f between the first token's state h and the output. Our head is one linear
layer z = W h + b. With rows of ε W, ε b and their opposites in the dense layer, the output takes
(f(ε z) - f(-ε z)) / (c ε), which is z itself where f is ReLU, GELU or SiLU and c is 1. Where f is tanh and c is 2, it
is z (1 - (ε z)² / 3 + ...): with ε = 2^-13, a probability is some 1e-8 off, for logits near 20 by less than 1e-6.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeVar

import torch
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification, PretrainedConfig, PreTrainedModel

from gatbert.pretrained.nli_head import NliHead
from gatbert.samples.decision import Decision
from gatbert.stance_classifier import TextClassifier

Config = TypeVar("Config", bound=PretrainedConfig)

EXACT, TANH = (1.0, 1.0), (2.0**-13, 2.0)
"""ε and c, for activations of which the rest cancels, and for tanh, which is nearly the identity at 0.

A power of two rounds nothing; a smaller one would be lost where weights are loaded in fp16.
"""


def decided_output(output: nn.Linear, stances: Sequence[str], decision: Decision) -> None:
    """Let the last layer of a head return what a decision makes of its logits, in place.

    Args:
        output: The layer.
        stances: Label set.
        decision: Temperature and thresholds.
    """
    with torch.no_grad():
        output.weight.div_(decision.temperature)
        output.bias.copy_(decision.logits(output.bias, stances))


def family_models(classifier: TextClassifier, stances: Sequence[str], decision: Decision) -> Iterator[PreTrainedModel]:
    """Yield models of the encoder's family that may be the same function; none where its head cannot be.

    Args:
        classifier: The classifier.
        stances: Label set.
        decision: What becomes of its logits.
    """
    config = labelled(classifier.encoder.config, stances)
    try:
        whole = AutoModelForSequenceClassification.from_config(config).eval()
    except ValueError:  # the family has none
        return
    prefix = f"{whole.base_model_prefix}."
    if not _fits(whole.base_model, classifier.encoder):
        return
    if isinstance(classifier.head, NliHead):
        whole.load_state_dict(classifier.head.model.state_dict(), strict=False)
        outputs = [one for one in whole.modules() if isinstance(one, nn.Linear) and one.out_features == len(stances)]
        decided_output(outputs[-1], stances, decision)
        yield whole
    elif classifier.pooling == "first" and isinstance(classifier.head, nn.Linear):
        own = [(n, m) for n, m in whole.named_modules() if isinstance(m, nn.Linear)]
        layers = [module for name, module in own if not name.startswith(prefix) or "pooler" in name]
        if len(layers) == 2 and _takes(layers[0], layers[1], classifier.head):
            head = deepcopy(classifier.head)
            decided_output(head, stances, decision)
            for scale, factor in (EXACT, TANH):
                _arrange(layers[0], layers[1], head, scale, factor)
                yield whole


def labelled(config: Config, stances: Sequence[str]) -> Config:
    """Return a configuration with the label set."""
    own = deepcopy(config)
    names: Mapping[int, str] = dict(enumerate(stances))
    own.id2label, own.label2id = dict(names), {name: number for number, name in names.items()}
    own.problem_type = "single_label_classification"
    return own


def _fits(base: nn.Module, encoder: nn.Module) -> bool:
    """Load the weights of an encoder into that of a family's model, if all of them but a pooling layer are there."""
    try:
        missing, unexpected = base.load_state_dict(encoder.state_dict(), strict=False)
    except RuntimeError:  # other shapes
        return False
    return not unexpected and all("pooler" in name for name in missing)


def _takes(dense: nn.Linear, output: nn.Linear, head: nn.Linear) -> bool:
    """Tell whether a family's two layers have the place for a head, and for its opposite."""
    return (
        dense.in_features == head.in_features
        and dense.out_features == output.in_features
        and dense.out_features >= 2 * head.out_features
        and dense.bias is not None
        and output.bias is not None
    )


@torch.no_grad()
def _arrange(dense: nn.Linear, output: nn.Linear, head: nn.Linear, scale: float, factor: float) -> None:
    """Write a head into a family's two layers, in place; ``scale`` is ε, and ``factor`` c."""
    size = head.out_features
    for layer in (dense, output):
        layer.weight.zero_()
        layer.bias.zero_()
    for rows, sign in ((slice(0, size), 1.0), (slice(size, 2 * size), -1.0)):
        dense.weight[rows] = sign * scale * head.weight
        dense.bias[rows] = sign * scale * head.bias
        output.weight[:, rows] = sign * torch.eye(size) / (factor * scale)


def probabilities(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Tensor:
    """Return the probabilities that a model of transformers gives ``(batch, labels)``."""
    with torch.inference_mode():
        found: Tensor = model(**inputs).logits.float().softmax(-1)
    return found
