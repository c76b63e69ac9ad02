"""What an encoder can take: how many tokens, and whether its activations can be computed twice."""

from torch import nn
from transformers import PreTrainedModel

from gatbert.errors import UserError

POSITIONS = ("position_embeddings", "embed_positions", "wpe")
"""What modules with one vector for each position are called: in BERT's kin, in BART's, and in GPT-2's."""


def max_positions(encoder: nn.Module) -> int | None:
    """Return how many tokens an encoder has positions for, or ``None`` if its positions are relative or rotary."""
    for name, module in encoder.named_modules():
        if name.endswith(POSITIONS) and isinstance(module, nn.Embedding):
            # RoBERTa and its kin count positions from the padding index on, BART and its kin from an offset.
            after_padding = 0 if module.padding_idx is None else module.padding_idx + 1
            return module.num_embeddings - int(getattr(module, "offset", after_padding))
    return None


def check_length(encoder: nn.Module, max_length: int, source: str) -> None:
    """Refuse samples of more tokens than an encoder has positions for.

    Args:
        encoder: The encoder.
        max_length: Most tokens of a sample.
        source: Where the encoder came from, for the message.
    """
    positions = max_positions(encoder)
    if positions is not None and max_length > positions:
        raise UserError(
            f"max_length {max_length} is more than the {positions} positions of {source}; give --data.max_length "
            f"{positions} or less"
        )


def checkpoint_gradients(encoder: PreTrainedModel, source: str) -> None:
    """Make an encoder compute its activations again in the backward pass, in place of keeping them.

    Args:
        encoder: The encoder.
        source: Where it came from, for the message.

    Raises:
        UserError: If it cannot.
    """
    if not encoder.supports_gradient_checkpointing:
        raise UserError(f"{source} does not support gradient_checkpointing; leave it out")
    encoder.gradient_checkpointing_enable({"use_reentrant": False})
