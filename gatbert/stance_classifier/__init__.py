"""The stance classifiers: one file is one classifier, its preprocessor and its network."""

from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.concat import ConcatClassifier
from gatbert.stance_classifier.external import ExternalClassifier
from gatbert.stance_classifier.hybrid import HybridClassifier
from gatbert.stance_classifier.readout import Readout
from gatbert.stance_classifier.text import TextBatch, TextClassifier, TextPreprocessor

__all__ = [
    "ConcatClassifier",
    "ExternalClassifier",
    "HybridClassifier",
    "Readout",
    "StanceClassifier",
    "TextBatch",
    "TextClassifier",
    "TextPreprocessor",
]
