"""Doctor: looks at an owner's live page in a real browser and says what keeps the form from it.

It opens the page as a stranger would, sends nothing, and stores nothing.
"""
