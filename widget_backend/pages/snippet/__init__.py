"""The owner’s page: the snippet to paste, and previews of the form."""
