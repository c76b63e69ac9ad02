"""What every stance classifier is: an encoder, a head, and the preprocessor that feeds them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.stance_classifier.readout import Readout


class StanceClassifier(nn.Module, ABC):
    """Classify the stance of a text towards a target.

    A subclass takes ``encoder`` and ``num_stances`` first and, if it reads a graph, ``relations``: the name of each
    relation id. Every further argument of its constructor is an option that users set from the command line, so it
    needs a type, a default and a line in the docstring; one that its ``preprocessor`` takes too goes to both.

    Args:
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
    """

    def __init__(self, encoder: PreTrainedModel, num_stances: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.num_stances = num_stances

    @abstractmethod
    def forward(self, batch: Any) -> Tensor:
        """Return logits ``(batch, stances)`` for a batch that this class's preprocessor made."""

    @staticmethod
    @abstractmethod
    def preprocessor(tokenizer: Tokenizer, max_length: int | None = None) -> Preprocessor:
        """Build the preprocessor that makes this classifier's batches; a subclass names its class here.

        Args:
            tokenizer: Fast tokenizer of the encoder.
            max_length: Most tokens of a sample, special ones included; ``None`` for the tokenizer's own limit.
        """

    def readout(self, batch: Any) -> Sequence[Readout]:
        """Return what the head reads of a batch, for explanations that follow attention down from there.

        A subclass that says nothing is explained by the other methods alone.
        """
        return ()

    def pretrained_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters that start from the pretrained encoder's."""
        yield from self.encoder.parameters()

    def head_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters that start at random."""
        pretrained = {id(parameter) for parameter in self.pretrained_parameters()}
        yield from (parameter for parameter in self.parameters() if id(parameter) not in pretrained)
