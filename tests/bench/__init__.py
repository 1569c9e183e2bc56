"""Speed, as ratios to simple peers measured in the same run: `python -m tests.bench`."""
