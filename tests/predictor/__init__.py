"""Tests of a trained classifier at work."""
