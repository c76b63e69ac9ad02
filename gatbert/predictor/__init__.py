"""A trained classifier at work: texts, tables and files to stances and probabilities."""

from gatbert.predictor.loading import load
from gatbert.predictor.prediction import Prediction
from gatbert.predictor.predictor import StancePredictor

__all__ = ["Prediction", "StancePredictor", "load"]
