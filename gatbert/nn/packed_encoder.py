"""A Hugging Face encoder over a packed graph batch, without a line of its own code changed."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from gatbert.errors import UserError
from gatbert.nn.relational_attention import ATTENTION_NAME, RelationalAttention

WORKING = "BERT, RoBERTa, XLM-R, ELECTRA, CamemBERT, DistilBERT and ModernBERT"

AFTER_ATTENTION = ("attention.output", "sa_layer_norm")
"""Where, in the layers of BERT's and DistilBERT's kin, rows that are needed as keys and values only can be left out."""

PROBE_LENGTHS = (5, 3)

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def attach(encoder: PreTrainedModel) -> None:
    """Make an encoder call ``attention_function`` and compute no row that nobody reads.

    Raises:
        UserError: If the encoder cannot work on packed rows, which is found out by trying.
    """
    texts = [torch.randn(length, embedding_size(encoder)) for length in PROBE_LENGTHS]
    training = encoder.training
    encoder.train(False)
    with torch.no_grad():
        expected = torch.cat([encoder_states(encoder, text, torch.arange(len(text))) for text in texts])
        probe = _Probe()
        try:
            encoder.set_attn_implementation(ATTENTION_NAME)
            positions = torch.cat([torch.arange(length) for length in PROBE_LENGTHS])
            packed = encoder_states(encoder, torch.cat(texts), positions, attention=probe)
        except (ValueError, TypeError, RuntimeError) as error:
            raise UserError(_refusal(encoder, str(error).splitlines()[0])) from error
    encoder.train(training)
    num_layers = len({id(module) for module in probe.modules})
    if num_layers != encoder.config.num_hidden_layers or num_layers != len(probe.modules):
        raise UserError(_refusal(encoder, f"{num_layers} of its layers call the attention function, each once"))
    if not torch.allclose(packed, expected, rtol=1e-3, atol=1e-4):
        raise UserError(_refusal(encoder, "its attention is more than a softmax over queries and keys"))
    for number, module in enumerate(probe.modules):
        module.layer_number = number  # type: ignore[assignment]  # a plain attribute, found again in each call
    _leave_out_rows(encoder, probe.modules)


def encode_packed(encoder: PreTrainedModel, embeddings: Tensor, attention: RelationalAttention) -> Tensor:
    """Return the last states of the first rows, as many as are asked for ``(rows, hidden)``.

    Args:
        encoder: An encoder that was attached.
        embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``; rows beyond those that the
            first layer needs are left out.
        attention: The graph, and what it adds to each layer.
    """
    batch, rows = attention.batch, attention.span_into(0).rows
    types = None if batch.token_type_ids is None else batch.token_type_ids[:rows]
    states = encoder_states(encoder, embeddings[:rows], batch.position_ids[:rows], types, attention=attention)
    return states[: attention.span_into(len(attention.layers)).rows]


def encoder_states(
    encoder: PreTrainedModel, embeddings: Tensor, positions: Tensor, types: Tensor | None = None, **extra: Any
) -> Tensor:
    """Call an encoder on packed rows, with as much of positions and types as it takes.

    Args:
        encoder: The encoder.
        embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``.
        positions: Position of each row, counted from 0 ``(rows,)``.
        types: Segment of each row ``(rows,)``.
        extra: What else the encoder is told.

    Returns:
        ``(rows, hidden)``; the rows beyond those that the last layer computes may be missing.
    """
    takes = inspect.signature(encoder.forward).parameters
    given = {"inputs_embeds": embeddings, "position_ids": positions + _first_position(encoder), "token_type_ids": types}
    inputs = {
        # An encoder needs a row, though all graphs of a batch may be empty: every parameter takes part in every step.
        name: functional.pad(value, [0, 0] * (value.ndim - 1) + [0, max(0, 1 - len(value))]).unsqueeze(0)
        for name, value in given.items()
        if value is not None and name in takes
    }
    states: Tensor = encoder(**inputs, **extra).last_hidden_state[0]
    return states[: len(embeddings)]


def keep_layers(encoder: PreTrainedModel, number: int) -> None:
    """Take all but the first layers off an encoder, if it has so many."""
    layers = encoder_layers(encoder)
    del layers[number:]
    encoder.config.num_hidden_layers = len(layers)
    if getattr(encoder.config, "layer_types", None):
        encoder.config.layer_types = encoder.config.layer_types[: len(layers)]


def encoder_layers(encoder: PreTrainedModel) -> nn.ModuleList:
    """Return the list of an encoder's layers."""
    depth = encoder.config.num_hidden_layers
    lists = [module for module in encoder.modules() if isinstance(module, nn.ModuleList) and len(module) == depth]
    if len(lists) != 1:
        raise UserError(_refusal(encoder, f"it has {len(lists)} lists of {depth} layers"))
    return lists[0]


def _first_position(encoder: PreTrainedModel) -> int:
    """Return the position of a first token: RoBERTa and its kin count from the padding index on."""
    for name, module in encoder.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, nn.Embedding) and module.padding_idx is not None:
            return module.padding_idx + 1
    return 0


def embedding_size(encoder: PreTrainedModel) -> int:
    """Return the size of an encoder's word embeddings."""
    words = cast(nn.Embedding, encoder.get_input_embeddings())
    return words.embedding_dim


def _leave_out_rows(encoder: PreTrainedModel, modules: Sequence[nn.Module]) -> None:
    """Make each layer take the rows that it needs, and compute after its attention those that the next one needs."""
    for number, layer in enumerate(encoder_layers(encoder)):
        cut = _Cut(number)
        layer.register_forward_pre_hook(cut.before_layer, with_kwargs=True)
        parts = dict(layer.named_modules())
        for name in AFTER_ATTENTION:
            if name in parts:
                parts[name].register_forward_pre_hook(cut.after_attention, with_kwargs=True)


class _Cut:
    """Cut the inputs of one layer, and of what follows its attention, to the rows that are needed."""

    def __init__(self, layer: int) -> None:
        self.layer = layer
        self.rows_out = 0

    def before_layer(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "Arguments":
        """Keep the rows that this layer needs."""
        attention: RelationalAttention = kwargs["attention"]
        self.rows_out = attention.span_into(self.layer + 1).rows
        return cast("Arguments", _first_rows((args, kwargs), attention.span_into(self.layer).rows))

    def after_attention(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "Arguments":
        """Keep the rows that the next layer needs."""
        return cast("Arguments", _first_rows((args, kwargs), self.rows_out))


def _first_rows(value: Any, rows: int) -> Any:
    """Return arguments in which every tensor ``(1, rows, ...)`` has its first rows alone, and at least one."""
    if isinstance(value, Tensor):
        return value[:, : max(rows, 1)] if value.ndim > 1 and value.shape[0] == 1 else value
    if isinstance(value, tuple):
        return tuple(_first_rows(item, rows) for item in value)
    if isinstance(value, dict):
        return {name: _first_rows(item, rows) for name, item in value.items()}
    return value


@dataclass
class _Probe:
    """Record which modules ask for attention, and attend within each of the texts."""

    modules: list[nn.Module] = field(default_factory=list)

    def attend(
        self,
        module: nn.Module,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        scaling: float,
        dropout: float,
        sliding_window: int | None,
    ) -> Tensor:
        """Return ordinary attention within each text."""
        self.modules.append(module)
        read = []
        for text in zip(*(torch.split(states, list(PROBE_LENGTHS)) for states in (q, k, v)), strict=True):
            weights = (scaling * torch.einsum("ihd,jhd->hij", text[0], text[1])).softmax(-1)
            read.append(torch.einsum("hij,jhd->ihd", weights, text[2]))
        return torch.cat(read)


def _refusal(encoder: PreTrainedModel, reason: str) -> str:
    family = encoder.config.model_type
    return f"the encoder family {family!r} cannot read a graph ({reason}); {WORKING} can"
