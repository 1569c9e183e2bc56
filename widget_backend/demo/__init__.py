"""Demo: the site Dimora and a shop of another origin, for newcomers and for browser tests."""
