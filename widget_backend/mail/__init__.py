"""Mail: the few messages we send ourselves. What waits to be sent is in `store/outbox.py`."""
