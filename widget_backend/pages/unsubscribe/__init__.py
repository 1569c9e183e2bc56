"""Unsubscribing: by a page with one button, by one click of a mail program, and why."""
