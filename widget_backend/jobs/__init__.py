"""Jobs: work that waits, and work that is done every so often, in a thread of the server."""
