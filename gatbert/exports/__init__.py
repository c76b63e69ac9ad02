"""A trained model as a folder to hand on: weights, tokenizer, recipe, card; for gatbert, transformers and ONNX."""

from gatbert.exports.export import Choices, Extras, export_model

__all__ = ["Choices", "Extras", "export_model"]
