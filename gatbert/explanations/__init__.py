"""What a trained classifier reads in a sample: contributions of words and concepts, and whether to believe them."""

from gatbert.explanations.explain import Explanation, explain
from gatbert.explanations.model import TrainedModel

__all__ = ["Explanation", "TrainedModel", "explain"]
