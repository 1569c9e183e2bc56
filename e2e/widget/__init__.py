"""The element alone, in real browsers, against a stub of the backend."""
