"""How a graph is embedded; apart from what embeds it, which takes torch."""

from dataclasses import dataclass
from typing import Literal

from gatbert.errors import UserError
from gatbert.ranges import PositiveFloat, PositiveInt, Seed, check_ranges

KgeModelName = Literal["TransE", "DistMult", "ComplEx", "RotatE"]


@dataclass(frozen=True)
class EmbeddingSettings:
    """Say how a graph is embedded.

    Attributes:
        model: Knowledge-graph embedding.
        size: Size of a concept's vector, even for ComplEx and RotatE, whose vectors are real parts, then imaginary.
        epochs: Most passes over the facts.
        batch_size: Facts of a step.
        learning_rate: Learning rate of Adam.
        patience: Epochs without a better validation MRR after which training stops.
        num_held_out: Facts held out for validation, and as many for the test; at most a twentieth of all.
        seed: Seed of everything random.
    """

    model: KgeModelName = "TransE"
    size: PositiveInt = 200
    epochs: PositiveInt = 200
    batch_size: PositiveInt = 1024
    learning_rate: PositiveFloat = 0.01
    patience: PositiveInt = 10
    num_held_out: PositiveInt = 1000
    seed: Seed = 0

    def __post_init__(self) -> None:
        check_ranges(EmbeddingSettings, vars(self))
        if self.size % 2 and self.model in ("ComplEx", "RotatE"):
            raise UserError(f"size {self.size} is odd; half of the numbers of {self.model} are imaginary parts")
