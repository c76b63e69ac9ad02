"""Tests of what is computed from run folders."""
