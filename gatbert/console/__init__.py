"""A command and its user: arguments whose errors are one sentence, files that can be read, progress. Loads no torch."""
