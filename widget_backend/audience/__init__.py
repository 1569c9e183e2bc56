"""Audience: contacts in and out, as the files of mail platforms. Reads and writes through store."""
