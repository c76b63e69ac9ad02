"""An encoder from its configuration, and what of a model is its encoder."""

import inspect
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor
from transformers import MODEL_MAPPING, AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel

from gatbert.errors import UserError
from gatbert.pretrained.hub import first_line
from gatbert.pretrained.weights import check_shapes

NEVER_FROM_A_CHECKPOINT = ("auto_map", "attn_implementation", "custom_pipelines", "quantization_config")
"""Settings of a configuration that name code to import or to load from elsewhere."""


def build_encoder(config: Mapping[str, Any], state: Mapping[str, Tensor] | None = None) -> PreTrainedModel:
    """Build an encoder from the plain form of its configuration, with random weights.

    Args:
        config: The configuration.
        state: Weights that will be loaded into it: a configuration that they do not fit is refused before memory is
            taken for it.

    Raises:
        UserError: If there is no such encoder, or the weights are others'.
    """
    values = {
        name: value
        for name, value in config.items()
        if not name.startswith("_") and name not in NEVER_FROM_A_CHECKPOINT
    }
    depth = values.get("num_hidden_layers")
    try:
        # Each layer has a weight at least: without this, a number in a file would decide how much memory is taken.
        if state is not None and isinstance(depth, int) and depth > len(state):
            raise ValueError(f"{depth} layers of {len(state)} weights")
        built = AutoConfig.for_model(values.pop("model_type", ""), **values)
        if state is not None:
            with torch.device("meta"):  # names and shapes, and no memory
                check_shapes(_from_config(built), state, "the checkpoint")
        return _from_config(built)
    except UserError:
        raise
    except Exception as error:  # a configuration can be wrong in as many ways as there are families
        raise UserError(
            f"the configuration of the encoder in the checkpoint cannot be used ({first_line(error)})"
        ) from error


def text_encoder(model: PreTrainedModel) -> PreTrainedModel:
    """Return a model, or its encoder if it has a decoder as well."""
    if not model.config.is_encoder_decoder:
        return model
    encoder = model.get_encoder()
    if not isinstance(encoder, PreTrainedModel) or encoder is model:
        raise UserError(f"the encoder of the family {model.config.model_type!r} cannot be used without its decoder")
    return encoder


def without_pooler(config: PretrainedConfig) -> dict[str, Any]:
    """Return the option that leaves the pooling layer out, for the families that know it."""
    model_class = MODEL_MAPPING.get(type(config), None)
    takes_it = model_class is not None and "add_pooling_layer" in inspect.signature(cast(type, model_class)).parameters
    return {"add_pooling_layer": False} if takes_it else {}


def _from_config(config: PretrainedConfig) -> PreTrainedModel:
    """Return a new encoder in train mode."""
    model = AutoModel.from_config(config, trust_remote_code=False, **without_pooler(config))
    return cast(PreTrainedModel, text_encoder(model).train())
