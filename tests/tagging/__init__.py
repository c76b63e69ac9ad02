"""Tests of linking, subgraphs and tagged corpora."""
