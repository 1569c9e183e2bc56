"""Staged questions: one or two at a time."""
