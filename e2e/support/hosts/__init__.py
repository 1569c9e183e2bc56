"""Pages that we do not control: their styles, their frameworks, and what they do to the widget."""
