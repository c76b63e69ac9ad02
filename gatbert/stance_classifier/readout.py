"""What the head of a classifier reads, as the classifier itself says it."""

from dataclasses import dataclass

from torch import Tensor
from transformers import PreTrainedModel

from gatbert.batches.packed import GraphBatch


@dataclass(frozen=True, eq=False)
class Readout:
    """Hold which last states of an encoder go to the head: some vectors, each the weighted mean of a sample's states.

    Attributes:
        weights: Weight of each state in each vector, 0 where it is not read: ``(vectors, batch, tokens)`` over
            padded texts, or ``(vectors, rows)`` over the rows of a packed graph. Weights of a sample that sum to 0 say
            that the vector reads nothing there.
        encoder: The encoder whose attention leads to these states; ``None`` where layers without attention do.
        graph: The packed graph whose rows these are; ``None`` for texts.
    """

    weights: Tensor
    encoder: PreTrainedModel | None
    graph: GraphBatch | None = None
