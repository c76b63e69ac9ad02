"""Tests of what a command line is read as, and what is shown."""
