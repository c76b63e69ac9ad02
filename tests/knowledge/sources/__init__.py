"""Tests of the sources of knowledge."""
