"""Tests of the knowledge graph."""
