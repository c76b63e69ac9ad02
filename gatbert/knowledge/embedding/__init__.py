"""Vectors of concepts that are trained on the graph itself."""
