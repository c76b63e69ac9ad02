"""What every stance classifier is: an encoder, a head, and the preprocessor that feeds them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.stance_classifier.readout import Readout


class StanceClassifier(nn.Module, ABC):
    """Classify the stance of a text towards a target.

    A subclass takes ``encoder`` and ``num_stances`` first. If it reads a graph, it takes its ``relations``; if vectors
    may stand for concepts, ``concept_vector_size``, ``None`` where there are none. Every further argument of its
    constructor is an option that users set from the command line, so it needs a type, a default and a line in the
    docstring; one that its ``preprocessor`` takes too goes to both.

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

    def measures(self) -> Mapping[str, Tensor]:
        """Return numbers by name that say how far the classifier's own parts have come; they are logged every epoch."""
        return {}

    def pretrained_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters that start from the pretrained encoder's."""
        yield from self.encoder.parameters()

    def parameter_groups(
        self, learning_rate: float, head_learning_rate: float, weight_decay: float
    ) -> list[dict[str, Any]]:
        """Return the trained parameters by origin, learning rate and weight decay, as optimizers of PyTorch take them.

        Args:
            learning_rate: Learning rate of what starts from the pretrained encoder's.
            head_learning_rate: Learning rate of all else.
            weight_decay: Weight decay of matrices; biases and norms have none.

        Returns:
            Groups, each with a key ``pretrained`` that says whether its parameters start from the encoder's.
        """
        pretrained = {id(parameter) for parameter in self.pretrained_parameters()}
        groups: dict[tuple[bool, float], list[nn.Parameter]] = {}
        for parameter in self.parameters():
            if parameter.requires_grad:
                decay = weight_decay if parameter.ndim > 1 else 0.0
                groups.setdefault((id(parameter) in pretrained, decay), []).append(parameter)
        rates = {True: learning_rate, False: head_learning_rate}
        return [
            {"params": group, "lr": rates[old], "weight_decay": decay, "pretrained": old}
            for (old, decay), group in groups.items()
        ]
