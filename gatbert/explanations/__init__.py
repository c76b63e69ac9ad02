"""What a trained classifier reads in a sample: contributions of words and concepts, and whether to believe them."""

from gatbert.explanations.explain import Explanation, explain

__all__ = ["Explanation", "explain"]
