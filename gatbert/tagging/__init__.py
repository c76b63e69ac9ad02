"""From samples and a knowledge graph to samples with their part of it."""
