"""Contacts in and out, as files of email platforms."""
