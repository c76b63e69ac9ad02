"""Tests of vectors that are trained on a graph."""
