"""The version of gatbert, in one place."""

__version__ = "0.2.0"
