"""Speed, measured as ratios against something in the same run: ``python -m benchmarks [NAME...]``."""
