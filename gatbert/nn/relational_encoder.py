"""A pretrained encoder whose layers also read a graph."""

from torch import Tensor, nn
from transformers import PreTrainedModel

from gatbert.batches.packed import GraphBatch
from gatbert.errors import UserError
from gatbert.nn.attention_types import ATTENTION_TYPES, AttentionTypeName, new_bases
from gatbert.nn.packed_encoder import attach, encode_packed
from gatbert.nn.relational_attention import RelationalAttention
from gatbert.samples.relations import Relations


class RelationalEncoder(nn.Module):
    """Add relational attention to the first layers of an encoder, which stays a module of its owner.

    Args:
        encoder: Pretrained encoder; it is changed so that it can do nothing else.
        relations: Relations of the graphs.
        att_type: How typed edges enter attention.
        num_graph_layers: Number of the first layers that read the graph; ``None`` for all.

    Raises:
        UserError: If the encoder cannot read a graph, or has fewer layers.
    """

    def __init__(
        self,
        encoder: PreTrainedModel,
        relations: Relations,
        att_type: AttentionTypeName,
        num_graph_layers: int | None = None,
    ) -> None:
        super().__init__()
        depth = encoder.config.num_hidden_layers
        number = depth if num_graph_layers is None else num_graph_layers
        if not 1 <= number <= depth:
            raise UserError(f"num_graph_layers {number} does not fit the encoder; accepted is 1 to {depth}")
        attach(encoder)
        heads = encoder.config.num_attention_heads
        head_size = encoder.config.hidden_size // heads
        layer_type = ATTENTION_TYPES[att_type]
        bases = new_bases(head_size) if layer_type.uses_bases else None
        self.layers = nn.ModuleList(layer_type(len(relations), heads, head_size, bases) for _ in range(number))
        self.num_text_layers = depth - number

    def forward(self, encoder: PreTrainedModel, embeddings: Tensor, batch: GraphBatch) -> Tensor:
        """Return the last states of the rows at 0 hops: first tokens, or all of them ``(rows, hidden)``.

        Args:
            encoder: The encoder that was given to the constructor.
            embeddings: What stands in the place of word embeddings ``(rows, embedding_size)``.
            batch: The graph.
        """
        attention = RelationalAttention(batch, tuple(self.layers) + (None,) * self.num_text_layers)
        return encode_packed(encoder, embeddings, attention)
