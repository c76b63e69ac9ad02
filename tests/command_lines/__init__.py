"""Tests of whole command lines: what a user types, and what then stands in the run folder."""
