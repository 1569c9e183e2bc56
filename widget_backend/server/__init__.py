"""The server: which connections it accepts, how it stops, and how it reads its sites anew."""
