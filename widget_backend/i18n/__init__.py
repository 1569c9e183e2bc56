"""Languages: which one to speak, its catalog, and where the texts of catalogs come from."""
