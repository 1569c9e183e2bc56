"""Store: what we remember. State and ledger are written together or not at all."""
