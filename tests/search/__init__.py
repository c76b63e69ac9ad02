"""Tests of searches: spaces, Optuna's journal and trials, with a stand-in for training."""
