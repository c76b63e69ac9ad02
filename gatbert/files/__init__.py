"""Files: where they lie, how they are written whole, how documents, records and lines are read. Loads no torch."""
