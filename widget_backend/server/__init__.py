"""The server: which connections it takes, and how it stops without cutting anyone off."""
