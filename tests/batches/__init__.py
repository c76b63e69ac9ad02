"""Tests of the contract between data and networks."""
