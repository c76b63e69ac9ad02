"""What a pretrained encoder is made of: its layers, what is below and above them, and which way it reads."""

import torch
from torch import nn
from transformers import PreTrainedModel

from gatbert.errors import UserError


def encoder_layers(encoder: PreTrainedModel) -> nn.ModuleList:
    """Return the list of an encoder's layers.

    Raises:
        UserError: If it has none, as families have none whose layers share their weights.
    """
    depth = encoder.config.num_hidden_layers
    # Outer modules come before those in them: a layer may have a list of as many parts.
    for module in encoder.modules():
        if isinstance(module, nn.ModuleList) and len(module) == depth:
            return module
    raise UserError(f"the encoder family {encoder.config.model_type!r} has no list of {depth} layers")


def parameter_depths(encoder: PreTrainedModel) -> dict[str, int]:
    """Return the depth of each parameter by name: 0 for embeddings, N for layer N, counted from 1.

    What comes after the layers, as a last norm, has the depth of the last one. Errors as in ``encoder_layers``.
    """
    layers = encoder_layers(encoder)
    prefix = next(f"{name}." for name, module in encoder.named_modules() if module is layers)
    depths: dict[str, int] = {}
    for name, _ in encoder.named_parameters():
        if name.startswith(prefix):
            depths[name] = int(name.removeprefix(prefix).partition(".")[0]) + 1
        else:
            # Parameters come in the order in which modules were made; some make a norm of embeddings last.
            above = any(depths.values()) and "embed" not in name
            depths[name] = len(layers) if above else 0
    return depths


def reads_left_to_right(encoder: PreTrainedModel) -> bool:
    """Tell whether an encoder is a decoder, whose tokens know of those before them alone: it is found out by trying."""
    training = encoder.training
    device = next(encoder.parameters()).device
    # (2, 3): two texts that differ after their first token
    texts = torch.tensor([[1, 1, 1], [1, 2, 2]], device=device)
    with torch.no_grad():
        first = encoder.eval()(texts).last_hidden_state[:, 0]
    encoder.train(training)
    return torch.allclose(first[0], first[1], rtol=0, atol=1e-6)
