"""Tests of what can go wrong outside of gatbert."""
