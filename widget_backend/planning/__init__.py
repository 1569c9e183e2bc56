"""The page of a contact plan: what is drawn and written on it, without Flask."""
