"""What must hold for every page and fragment (QUALITY.md, 1 to 13 and 15), as a table of rules."""

from .content import OF_CONTENT
from .document import Document, Rule, text
from .forms import OF_FORMS

RULES: tuple[Rule, ...] = (*OF_CONTENT, *OF_FORMS)

__all__ = ["RULES", "Document", "Rule", "text"]
