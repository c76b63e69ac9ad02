"""Search: options that are tried on validation, trial after trial, and what came of it."""
