"""Tests of grids: names, claims, folders and processes, with a stand-in for training."""
