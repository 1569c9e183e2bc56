"""Pages: the doors for people. Hosted pages and fragments show the same forms."""
