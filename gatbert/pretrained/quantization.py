"""Encoders whose linear layers hold their weights in 8 or 4 bits: less memory, and nothing of them can be trained."""

import logging
from copy import deepcopy
from typing import Any, Literal, cast

import torch
from torch import nn
from transformers import BitsAndBytesConfig, PreTrainedModel

from gatbert.errors import UserError
from gatbert.errors.libraries import CPU_ORDER, INT8_START, INT8_STATE
from gatbert.pretrained.configurations import without_pooler

Quantization = Literal["8bit", "4bit"]

BLOCK_SIZE = 64
"""Weights that share a scale in 4 bits; where rows end within a block, bitsandbytes 0.50 reads wrong ones on a CPU."""


def quantized(encoder: PreTrainedModel, bits: Quantization) -> PreTrainedModel:
    """Return an encoder on the CPU whose linear layers are in so many bits, by bitsandbytes.

    8 bits are those of LLM.int8(), Dettmers et al. 2022 (https://arxiv.org/abs/2208.07339); 4 bits are the NormalFloat
    of QLoRA, Dettmers et al. 2023 (https://arxiv.org/abs/2305.14314), and are computed with in bfloat16.

    Args:
        encoder: The encoder, which is left as it is.
        bits: How many.

    Raises:
        UserError: If bitsandbytes is not installed, or its 4 bits do not fit the sizes of the layers.
    """
    settings = _settings(bits)
    from bitsandbytes.nn import Linear4bit, Linear8bitLt

    found = type(encoder).from_pretrained(
        None,
        config=deepcopy(encoder.config),
        state_dict=encoder.state_dict(),
        quantization_config=settings,
        dtype=torch.float32,
        device_map={"": "cpu"},
        **without_pooler(encoder.config),
    )
    # A checkpoint tells of the encoder as it was pretrained; in how many bits it was loaded is told with the adapter.
    del found.config.quantization_config
    for layer in found.modules():
        if isinstance(layer, Linear4bit):
            _check_rows(layer.in_features, encoder.config.model_type)
            # Validation on a CPU would put the weights in an order from which no gradient can be computed.
            setattr(layer, CPU_ORDER.name, False)
        elif isinstance(layer, Linear8bitLt):
            INT8_START.read_from(layer)()
            layer.register_forward_pre_hook(_follow_weight)
    return cast(PreTrainedModel, found.train(encoder.training))


def _check_rows(size: int, family: str) -> None:
    if size % BLOCK_SIZE:
        raise UserError(
            f"lora.quantize 4bit: a layer of {family!r} reads {size} values, and bitsandbytes computes right on all "
            f"devices with multiples of {BLOCK_SIZE} alone; give 8bit"
        )


def _follow_weight(layer: nn.Module, inputs: Any) -> None:
    """Bring what belongs to an 8-bit weight to its device: when a whole model moves, the weight alone goes along."""
    state, weight = INT8_STATE.read_from(layer), layer.get_parameter("weight")
    state.CB, state.SCB = weight.data, state.SCB.to(weight.device)


def _settings(bits: Quantization) -> BitsAndBytesConfig:
    """Return what transformers is told; errors as in ``quantized``."""
    # It says of every layer and step that 8 bits are computed with in fp16.
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    try:
        import bitsandbytes  # noqa: F401  # transformers imports it, and would say less where it is not there
    except ImportError as error:
        raise UserError(
            f"lora.quantize {bits} needs the package bitsandbytes, which is not installed; "
            'pip install "gatbert[quantize]", or leave lora.quantize out'
        ) from error
    if bits == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
