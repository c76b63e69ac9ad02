"""Tests of the networks over packed graph batches."""
