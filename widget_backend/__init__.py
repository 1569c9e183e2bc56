"""The preference widget. Empty, so that importing a rule loads no web framework."""

__version__ = "0.1.0"
