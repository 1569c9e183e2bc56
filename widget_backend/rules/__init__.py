"""Rules: what follows from what the owner declares and people said. Pure functions only."""
