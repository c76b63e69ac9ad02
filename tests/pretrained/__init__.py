"""Tests of encoders and checkpoints."""
