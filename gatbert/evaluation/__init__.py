"""From prediction files to scores, tests and reports: reads run folders, loads no model."""
