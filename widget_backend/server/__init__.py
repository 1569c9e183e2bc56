"""The server: which connections it accepts, and how it stops without cutting anyone off."""
