"""Mail: the few messages that we send ourselves, and those that arrive at the unsubscribe address.

Messages that wait to be sent are in `store/outbox.py`.
"""
