"""The preference form: what a person gets, through which channel and how often."""
