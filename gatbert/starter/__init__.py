"""A folder to begin with: a configuration for a corpus of one's own, written by looking at its columns and labels."""
