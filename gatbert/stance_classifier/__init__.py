"""The stance classifiers: one file is one classifier, its preprocessor and its network."""

from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.text import TextBatch, TextClassifier, TextPreprocessor

__all__ = ["StanceClassifier", "TextBatch", "TextClassifier", "TextPreprocessor"]
