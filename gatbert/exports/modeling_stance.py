"""A stance classifier over any encoder of transformers, for folders that ``gatbert export`` writes; needs no gatbert.

An encoder reads a pair of texts; its state of the first token, of the last one, or the mean over all goes to a head of
one linear layer or several. This file is copied beside the weights, where transformers loads it with
``trust_remote_code=True``.
"""

import inspect
from itertools import pairwise
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import MODEL_MAPPING, AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class StanceConfig(PretrainedConfig):
    """Hold the encoder's configuration, and what its head is.

    Args:
        encoder: Configuration of the encoder, in plain form, ``model_type`` included.
        pooling: Which state the head reads: first, last or mean.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of the encoder's states.
        kwargs: Those of every configuration of transformers.
    """

    model_type = "gatbert-stance"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        pooling: str = "first",
        head_layers: int = 1,
        head_hidden_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.encoder = encoder or {"model_type": "bert"}
        self.pooling = pooling
        self.head_layers = head_layers
        self.head_hidden_size = head_hidden_size
        super().__init__(**kwargs)


class StanceForSequenceClassification(PreTrainedModel):
    """Classify a pair of texts, from logits whose softmax are the stances' probabilities, calibration included.

    Args:
        config: What it is made of.
    """

    config_class = StanceConfig
    base_model_prefix = "encoder"

    def __init__(self, config: StanceConfig) -> None:
        super().__init__(config)
        self.num_labels = config.num_labels
        self.encoder = _encoder(config.encoder)
        size = int(self.encoder.config.hidden_size)
        sizes: list[int] = [size, *[config.head_hidden_size or size] * (config.head_layers - 1)]
        between = [[nn.Linear(*pair), nn.GELU(), nn.Dropout(0.0)] for pair in pairwise(sizes)]
        last = nn.Linear(sizes[-1], cast(int, config.num_labels))
        self.head = nn.Sequential(*(layer for layers in between for layer in layers), last) if between else last
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        token_type_ids: Tensor | None = None,
        labels: Tensor | None = None,
        **_: Any,
    ) -> SequenceClassifierOutput:
        """Return logits ``(batch, labels)``, and the loss where labels are given ``(batch,)``."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        # (batch, tokens, hidden), then (batch, hidden)
        states = self.encoder(input_ids=input_ids, attention_mask=mask, **types).last_hidden_state
        logits = self.head(self._pooled(states, mask))
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)

    def _pooled(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return what the head reads of the states ``(batch, hidden)``; padding is on the right."""
        if self.config.pooling == "first":
            return states[:, 0]
        weights = mask
        if self.config.pooling == "last":
            # (batch, tokens): how many tokens there are up to each
            count = mask.cumsum(-1)
            weights = (mask == 1) & (count == count[:, -1:])
        weights = weights.to(states.dtype).unsqueeze(-1)
        return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def _encoder(values: dict[str, Any]) -> PreTrainedModel:
    """Build an encoder from its configuration; of an encoder-decoder, the encoder alone; without a pooling layer."""
    config = AutoConfig.for_model(**values)
    takes_it = "add_pooling_layer" in inspect.signature(cast(type, MODEL_MAPPING[type(config)])).parameters
    model = AutoModel.from_config(config, **({"add_pooling_layer": False} if takes_it else {}))
    return cast(PreTrainedModel, model.get_encoder() if config.is_encoder_decoder else model)
