"""Contacts in and out, as CSV files of email platforms."""
