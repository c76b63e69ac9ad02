"""A Hugging Face encoder over a packed graph batch, without a line of its own code changed."""

import inspect
import threading
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from gatbert.errors import UserError
from gatbert.nn.encoder_parts import encoder_layers, reads_left_to_right
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
    if reads_left_to_right(encoder):
        raise UserError(_refusal(encoder, "it reads from left to right: a word would not see the concepts after it"))
    # (tokens, embedding_size) each: two texts, which must not see each other when they are packed
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
    # Some families take the name of an attention function and never call it: the graph would be ignored in silence.
    num_layers = len({id(module) for module in probe.modules})
    if num_layers != encoder.config.num_hidden_layers or num_layers != len(probe.modules):
        raise UserError(_refusal(encoder, f"{num_layers} of its layers call the attention function, each once"))
    if not torch.allclose(packed, expected, rtol=1e-3, atol=1e-4):
        raise UserError(_refusal(encoder, "its attention is more than a softmax over queries and keys"))
    for number, module in enumerate(probe.modules):
        module.layer_number = number  # type: ignore[assignment]  # a plain attribute, found again in each call
    for number, layer in enumerate(encoder_layers(encoder)):
        _RowTrimmer(number).watch(layer)


def encode_packed(encoder: PreTrainedModel, embeddings: Tensor, attention: RelationalAttention) -> Tensor:
    """Return the last states of the first rows, as many as are asked for ``(rows, hidden)``.

    Args:
        encoder: An encoder that was attached.
        embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``; rows beyond those that the
            first layer needs are left out.
        attention: The graph, and what it adds to each layer.
    """
    batch, num_rows = attention.batch, attention.rows_needed_before(0).num_rows
    types = None if batch.token_type_ids is None else batch.token_type_ids[:num_rows]
    # (rows needed, hidden)
    states = encoder_states(encoder, embeddings[:num_rows], batch.position_ids[:num_rows], types, attention=attention)
    return states[: attention.rows_needed_before(len(attention.layers)).num_rows]


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
        # (1, rows, ...): the whole batch is one text to the encoder.
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


class _RowTrimmer:
    """Leave out what nobody reads, in one layer of an encoder, by the pre-hooks of torch.

    A layer is called so, and its rows become fewer where an arrow stands:

        layer(states, attention=...)        -> rows_needed_before(layer): all that is a key or a value in it
          attention(states, attention=...)
          after_attention(read, states)     -> rows_needed_before(layer + 1): all that it has to compute
          feed forward

    What comes after attention is not told of ``attention``. How many rows go on is therefore set when the layer begins,
    which is also so when it is computed again for its gradients, and is known here and nowhere else; by thread, as
    several may be in the layer.

    Args:
        layer_number: Which of the encoder's layers it is.
    """

    def __init__(self, layer_number: int) -> None:
        self.layer_number = layer_number
        self._num_rows_after: dict[int, int] = {}

    def watch(self, layer: nn.Module) -> None:
        """Register with a layer and, in those of BERT's and DistilBERT's kin, with what comes after its attention."""
        layer.register_forward_pre_hook(self._before_layer, with_kwargs=True)
        parts = dict(layer.named_modules())
        for name in AFTER_ATTENTION:
            if name in parts:
                parts[name].register_forward_pre_hook(self._after_attention, with_kwargs=True)

    def _before_layer(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        attention: RelationalAttention = kwargs["attention"]
        self._num_rows_after[threading.get_ident()] = attention.rows_needed_before(self.layer_number + 1).num_rows
        num_rows = attention.rows_needed_before(self.layer_number).num_rows
        return cast(Arguments, _first_rows((args, kwargs), num_rows))

    def _after_attention(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        num_rows = self._num_rows_after.get(threading.get_ident())
        if num_rows is None:
            raise RuntimeError(f"a part of layer {self.layer_number} was called without its layer")
        return cast(Arguments, _first_rows((args, kwargs), num_rows))


def _first_rows(value: Any, num_rows: int) -> Any:
    """Return arguments in which every tensor ``(1, rows, ...)`` has its first rows alone, and at least one."""
    if isinstance(value, Tensor):
        return value[:, : max(num_rows, 1)] if value.ndim > 1 and value.shape[0] == 1 else value
    if isinstance(value, tuple):
        return tuple(_first_rows(item, num_rows) for item in value)
    if isinstance(value, dict):
        return {name: _first_rows(item, num_rows) for name, item in value.items()}
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
        # (tokens, heads, head_size) of one text, for q, k and v
        for text in zip(*(torch.split(states, list(PROBE_LENGTHS)) for states in (q, k, v)), strict=True):
            # (heads, tokens, tokens)
            weights = (scaling * torch.einsum("ihd,jhd->hij", text[0], text[1])).softmax(-1)
            read.append(torch.einsum("hij,jhd->ihd", weights, text[2]))
        return torch.cat(read)


def _refusal(encoder: PreTrainedModel, reason: str) -> str:
    family = encoder.config.model_type
    return f"the encoder family {family!r} cannot read a graph ({reason}); {WORKING} can"
