"""How a stance classifier is trained: loss, optimizer, schedule, scores."""

from gatbert.modules.stance_module import StanceModule

__all__ = ["StanceModule"]
