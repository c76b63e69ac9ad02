"""From logits to probabilities: what validation says of how sure a classifier may be, and where its stances begin."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatbert.errors import UserError

if TYPE_CHECKING:  # reports know decisions, and load no torch
    from torch import Tensor


@dataclass(frozen=True)
class Decision:
    """Hold what becomes of the logits of a trained classifier before they are probabilities.

    p(s) ∝ softmax(z / T)(s) / t(s), for logits z, the temperature T, and the threshold t(s) of each stance s.

    Attributes:
        temperature: T; 1 leaves the logits as they are.
        thresholds: t(s) by stance; 1 for stances that are not there, so that none leaves the likeliest what it is.
    """

    temperature: float = 1.0
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in {"temperature": self.temperature, **self.thresholds}.items():
            if not 0 < value < math.inf:
                raise UserError(f"the decision's {name} {value} is not accepted; accepted is above 0")

    def logits(self, logits: "Tensor", stances: Sequence[str]) -> "Tensor":
        """Return the logits of the probabilities ``(batch, stances)``, fp32.

        Args:
            logits: Those of the classifier ``(batch, stances)``.
            stances: Label set, in their order.
        """
        scaled = logits.float() / self.temperature
        return scaled - scaled.new_tensor([self.thresholds.get(stance, 1.0) for stance in stances]).log()
