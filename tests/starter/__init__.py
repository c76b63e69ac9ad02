"""Tests of the folder to begin with."""
