"""Site: what the owner declares in SITE.toml. No Flask and no database in this room."""
