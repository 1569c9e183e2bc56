"""What site owners paste."""

from __future__ import annotations

from tests.support.words import Text

PUT_FORM_ON_YOUR_PAGE = Text("Put the %(site)s form on your own page")
NO_ORIGINS_YET = Text(
    "No page can show the form yet. Add the origin of your page to origins in the site file. "
    "Until then only the link appears."
)
LENT = Text(
    "Here in the preview, the form also appears on a website that the site file does not list:"
)
HEIGHT_IS_ESTIMATE = Text(
    "This height is an estimate. With scripts on, it is measured in the previews below."
)
HEIGHTS_WERE_MEASURED = Text("These heights were measured just now in the previews below.")
COPIED = Text("Copied")
CANNOT_COPY = Text(
    "Your browser does not let this page copy. The code is selected: copy it with the keyboard or "
    "the menu."
)

# ── previews ────────────────────────────────────────────────────────────────────────────────

IN_THE_PAGE = Text("in the page", context="how a form is shown")
PHONE_WINDOW = Text("phone", context="a window")
LIGHT = Text("light", context="colours")
