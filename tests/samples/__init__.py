"""Tests of samples and changes of them."""
