"""Preview: a site as it stands in its files, with sample people, its mail, and a page around it."""
