"""The commands beside training: one file a command, each with a ``main(args)``."""
