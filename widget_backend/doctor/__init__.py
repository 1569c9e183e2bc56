"""Doctor: inspects an owner's live page in a real browser and reports what is wrong with the form.

It opens the page as a visitor without cookies, sends nothing, and stores nothing.
"""
