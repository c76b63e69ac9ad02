"""What every stance classifier is: an encoder, a head, and the preprocessor that feeds them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.errors import UserError
from gatbert.nn.encoder_parts import encoder_layers, parameter_depths
from gatbert.nn.optimization import Freeze, Optimization
from gatbert.pretrained.weights import kept_weights
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

    def pretrained_encoders(self) -> Sequence[PreTrainedModel]:
        """Return what starts from the pretrained encoder: the encoder itself, then copies of its layers."""
        return [self.encoder]

    def freeze(self, part: Freeze | None) -> None:
        """Leave a part of the pretrained encoder as it is.

        Args:
            part: The embeddings, as many of the lowest layers and the embeddings, or the whole encoder;
                ``None`` for nothing.

        Raises:
            UserError: If the encoder has fewer layers, or none that can be counted.
        """
        if isinstance(part, int) and part > (num_layers := len(encoder_layers(self.encoder))):
            raise UserError(
                f"freeze {part} is not accepted: {type(self).__name__} has {num_layers} layers of its encoder; give a "
                "number of them, embeddings or encoder"
            )
        for encoder in self.pretrained_encoders() if part is not None else ():
            if part == "encoder":
                encoder.requires_grad_(False)
                continue
            depths, most = parameter_depths(encoder), part if isinstance(part, int) else 0
            for name, parameter in encoder.named_parameters():
                parameter.requires_grad_(parameter.requires_grad and depths[name] > most)

    def base_weights(self) -> set[str]:
        """Return the names of the weights that stay as they are in the pretrained encoder, where it has an adapter."""
        encoders = self.pretrained_encoders()
        named = {name: one for name, one in self.named_modules() if any(one is encoder for encoder in encoders)}
        return {f"{name}.{weight}" for name, encoder in named.items() for weight in kept_weights(encoder)}

    def parameter_groups(self, settings: Optimization) -> list[dict[str, Any]]:
        """Return the trained parameters by origin, learning rate and weight decay, as optimizers of PyTorch take them.

        With ``layer_decay`` d, layer k of the n of the encoder has the learning rate d^(n - k) of the last one, and
        embeddings have d^n: Universal Language Model Fine-tuning for Text Classification, Howard and Ruder 2018
        (https://arxiv.org/abs/1801.06146).

        Args:
            settings: Learning rates and weight decay.

        Returns:
            Groups, each with a key ``pretrained`` that says whether its parameters start from the encoder's.
        """
        rates = self._pretrained_rates(settings)
        head_rate = settings.learning_rate if settings.head_learning_rate is None else settings.head_learning_rate
        groups: dict[tuple[bool, float, float], list[nn.Parameter]] = {}
        for parameter in self.parameters():
            if parameter.requires_grad:
                decay = settings.weight_decay if parameter.ndim > 1 else 0.0
                rate = rates.get(id(parameter), head_rate)
                groups.setdefault((id(parameter) in rates, rate, decay), []).append(parameter)
        return [
            {"params": group, "lr": rate, "weight_decay": decay, "pretrained": old}
            for (old, rate, decay), group in groups.items()
        ]

    def _pretrained_rates(self, settings: Optimization) -> dict[int, float]:
        """Return the learning rate of each parameter that starts from the pretrained encoder's, by its ``id``."""
        rates: dict[int, float] = {}
        # What a copy shares with the encoder is the encoder's: that comes last.
        for encoder in reversed(self.pretrained_encoders()):
            parameters = dict(encoder.named_parameters())
            depths = dict.fromkeys(parameters, 0) if settings.layer_decay == 1 else parameter_depths(encoder)
            top = max(depths.values(), default=0)
            for name, parameter in parameters.items():
                rates[id(parameter)] = settings.learning_rate * settings.layer_decay ** (top - depths[name])
        return rates
