"""Tests of the real command line."""
