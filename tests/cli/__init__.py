"""Tests of the command line of training."""
