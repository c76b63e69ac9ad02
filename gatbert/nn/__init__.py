"""Networks over packed graph batches."""
