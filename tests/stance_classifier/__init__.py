"""Tests of the classifiers and their options."""
