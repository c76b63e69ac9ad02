"""Tests of which sample is in which split."""
