"""What browser tests share: engines, tabs, screens, and the pages around the widget."""
