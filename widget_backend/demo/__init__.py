"""Demo: the site Dimora and its shop, for newcomers and for browser tests."""
