"""Signing up, and confirming it."""
