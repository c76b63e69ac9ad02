"""The command line of training: every value of trainer, model and data from YAML and flags."""

from gatbert.cli.custom_cli import CustomCLI, main

__all__ = ["CustomCLI", "main"]
