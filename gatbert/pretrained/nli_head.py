"""The head of a model of natural language inference (NLI), as the start of one that tells stances.

With the pair of a text and a sentence such as "The author is in favor of X.", entailment is favor, contradiction is
against, neutral is neutral: Benchmarking Zero-shot Text Classification, Yin et al. 2019
(https://aclanthology.org/D19-1404).
"""

import threading
from collections.abc import Mapping, Sequence
from copy import deepcopy
from math import log
from types import MappingProxyType
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForSequenceClassification, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling

from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import read_checkpoint
from gatbert.pretrained.encoders import is_checkpoint
from gatbert.pretrained.hub import from_pretrained
from gatbert.pretrained.weights import CLASSIFIER, load_weights, weights
from gatbert.samples.stances import AGAINST, FAVOR, NEUTRAL

FIRST, SECOND = "{text}", "The author is in favor of {target}."
"""Templates of the pair, where the user gives none."""

STANCES_OF_LABEL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "entailment": (FAVOR,),
        "contradiction": (AGAINST,),
        "neutral": (NEUTRAL,),
        "notentailment": (AGAINST, NEUTRAL),
        "nonentailment": (AGAINST, NEUTRAL),
    }
)
"""What each label says, by its letters; stances of one label share its probability equally."""

_GIVING = threading.Lock()
"""Held while a head has states: several threads may call one."""

PROBE = 8
"""Tokens of a random text on which a head is compared with that of its own model."""


class _GivenStates(nn.Module):
    """Stand where a classification model has its encoder: return states that are given, pooled as the encoder would."""

    def __init__(self, pooler: nn.Module | None) -> None:
        super().__init__()
        self.pooler = pooler
        self.states: Tensor | None = None

    def forward(self, *args: Any, **kwargs: Any) -> BaseModelOutputWithPooling:
        states = cast(Tensor, self.states)
        pooled = None if self.pooler is None else self.pooler(states)
        return BaseModelOutputWithPooling(last_hidden_state=states, pooler_output=pooled)


class NliHead(nn.Module):
    """Read the states of a pair as a classification model of the encoder's family does, pooling included.

    Args:
        config: Configuration of the encoder.
        num_stances: Size of the label set.

    Raises:
        UserError: If the family has no such model.
    """

    def __init__(self, config: PretrainedConfig, num_stances: int) -> None:
        super().__init__()
        own = deepcopy(config)
        own.num_labels = num_stances
        try:
            whole = AutoModelForSequenceClassification.from_config(own)
        except ValueError as error:
            raise UserError(f"pooling nli: the family {config.model_type!r} has no classification head") from error
        self.model = _without_encoder(whole).train()

    def forward(self, states: Tensor, attention_mask: Tensor) -> Tensor:
        """Return logits ``(batch, stances)``, given states ``(batch, tokens, hidden)`` and mask ``(batch, tokens)``."""
        given: _GivenStates = getattr(self.model, self.model.base_model_prefix)
        with _GIVING:
            given.states = states
            try:
                # Some families look at ids for the size of the batch: they are all padding here, and nobody reads them.
                logits: Tensor = self.model(
                    input_ids=torch.zeros_like(attention_mask), attention_mask=attention_mask
                ).logits
            finally:
                given.states = None
        return logits


def nli_labels(source: str) -> tuple[str, ...] | None:
    """Return the labels of a pretrained model in their order if they are those of NLI, or ``None``.

    Raises:
        UserError: If there is no such model.
    """
    if is_checkpoint(source):
        return None
    config = from_pretrained(AutoConfig, source)
    names = getattr(config, "id2label", None) or {}
    labels = tuple(str(names[number]) for number in sorted(names))
    is_nli = "entailment" in map(_letters, labels) and all(_letters(label) in STANCES_OF_LABEL for label in labels)
    return labels if is_nli else None


def start_nli_head(head: NliHead, encoder: PreTrainedModel, source: str, stances: Sequence[str]) -> None:
    """Let a head start as that of the pretrained model: each stance has the weights of its label.

    Args:
        head: The head.
        encoder: The encoder of the same model.
        source: Where the model comes from; of a checkpoint of gatbert it is the head that was trained.
        stances: Label set.

    Raises:
        UserError: If the model is not one of NLI, a stance has no label, or its head does other than reading states.
    """
    if is_checkpoint(source):
        load_weights(head, weights(read_checkpoint(source), f"{CLASSIFIER}head.", source), source)
        return
    if (labels := nli_labels(source)) is None:
        raise UserError(
            f"pooling nli: {source} has no head with the labels entailment, neutral and contradiction, or entailment "
            "and not_entailment; give such a --pretrained_model, or another --model.pooling"
        )
    options = {"dtype": torch.float32, "output_loading_info": True}
    whole, report = from_pretrained(AutoModelForSequenceClassification, source, **options)
    if report["missing_keys"]:
        raise UserError(f"pooling nli: {source} lacks weights of its head, such as {sorted(report['missing_keys'])[0]}")
    wanted = _probe(whole)
    own = _without_encoder(whole)
    state = own.state_dict()
    output = [name for name, module in own.named_modules() if _is_output(module, len(labels))][-1]
    row, shift = _rows(labels, stances)
    state[f"{output}.weight"] = state[f"{output}.weight"][row]
    state[f"{output}.bias"] = state[f"{output}.bias"][row] + torch.tensor(shift)
    head.model.load_state_dict(state)
    _check_alike(head, encoder, wanted[:, row] + torch.tensor(shift), source)


def _rows(labels: Sequence[str], stances: Sequence[str]) -> tuple[list[int], list[float]]:
    """Return the label of each stance, and what is added to its logit: less where it shares the label."""
    said = [[stance for stance in STANCES_OF_LABEL[_letters(label)] if stance in stances] for label in labels]
    rows, shifts = [], []
    for stance in stances:
        found = [number for number, own in enumerate(said) if stance in own]
        if not found:
            raise UserError(
                f"pooling nli: no label of {', '.join(labels)} says {stance!r}; the labels say {FAVOR}, {AGAINST} and "
                f"{NEUTRAL} (--data.stances)"
            )
        rows.append(found[0])
        shifts.append(-log(len(said[found[0]])))
    return rows, shifts


def _letters(label: str) -> str:
    return "".join(letter for letter in label.casefold() if letter.isalpha())


def _is_output(module: nn.Module, num_labels: int) -> bool:
    return isinstance(module, nn.Linear) and module.out_features == num_labels


def _without_encoder(whole: PreTrainedModel) -> PreTrainedModel:
    """Put given states in the place of the encoder of a classification model."""
    prefix = whole.base_model_prefix
    setattr(whole, prefix, _GivenStates(getattr(getattr(whole, prefix), "pooler", None)))
    return whole


def _probe_ids(config: PretrainedConfig) -> Tensor:
    ids: Tensor = torch.arange(2 * PROBE).reshape(2, PROBE) % (config.vocab_size - 5) + 5
    return ids


@torch.no_grad()
def _probe(whole: PreTrainedModel) -> Tensor:
    """Return the logits of a model for texts that mean nothing ``(2, labels)``."""
    ids = _probe_ids(whole.config)
    logits: Tensor = whole.eval()(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
    return logits


@torch.no_grad()
def _check_alike(head: NliHead, encoder: PreTrainedModel, wanted: Tensor, source: str) -> None:
    """Refuse a head that answers otherwise than in its own model, whose logits these are ``(2, stances)``."""
    modes = head.training, encoder.training
    ids = _probe_ids(encoder.config)
    mask = torch.ones_like(ids)
    try:
        found = head.eval()(encoder.eval()(input_ids=ids, attention_mask=mask).last_hidden_state, mask)
        is_alike = torch.allclose(found, wanted, atol=1e-4)
    except (RuntimeError, TypeError, AttributeError, IndexError):
        is_alike = False  # a head that asks for more than states
    head.train(modes[0])
    encoder.train(modes[1])
    if not is_alike:
        raise UserError(
            f"pooling nli: the head of the family {encoder.config.model_type!r} ({source}) cannot be used apart from "
            "its model; BERT, RoBERTa, XLM-R, DeBERTa and their kin can"
        )
