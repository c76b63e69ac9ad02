"""Pretrained encoders with their tokenizers, and checkpoints of trained classifiers."""
