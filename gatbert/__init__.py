"""Stance classification from text and a commonsense knowledge graph."""

from typing import TYPE_CHECKING, Any

from gatbert.version import __version__

if TYPE_CHECKING:
    from gatbert.predictor import Prediction, StancePredictor, load

__all__ = ["Prediction", "StancePredictor", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used: ``import gatbert`` loads no torch."""
    if name in ("Prediction", "StancePredictor", "load"):
        from gatbert import predictor

        return getattr(predictor, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
