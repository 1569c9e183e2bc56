"""Pages on which our script stands and does not run, and how what doctor says begins."""

from __future__ import annotations

from e2e.support.owners_pages import ELEMENT, LINK, SCRIPT, Page

LAZY = (
    '<script type="rocketlazyloadscript" data-rocket-type="module" '
    'data-rocket-src="{origin}/widget/v1.js"></script>'
)
WAITS = (
    '<script type="text/plain" data-cookieconsent="marketing" src="{origin}/widget/v1.js"></script>'
)
CURLY = str.maketrans({'"': "”"})

HELD: dict[str, tuple[Page, list[str]]] = {
    "a script that an optimiser holds back": (
        Page(head=LAZY),
        ["script: WP Rocket holds it back until somebody moves or touches something. add /widget"],
    ),
    "a script that waits for consent": (
        Page(head=WAITS),
        ["script: Cookiebot holds it back until somebody agrees. write data-cookieconsent="],
    ),
    "lines in curly quotes": (
        Page(head=SCRIPT.translate(CURLY), body=ELEMENT.translate(CURLY)),
        [
            "quotes: type, src of <script> in curly quotes, which HTML takes for a part of the ",
            "quotes: src, lang of <preference-widget> in curly quotes, which HTML takes for a p",
            "quotes: href of <a> in curly quotes",
        ],
    ),
    "a link in curly quotes": (
        Page(body=ELEMENT.replace(LINK, LINK.replace('"', "&#8221;"))),
        ["quotes: href of <a> in curly quotes, which HTML takes for a part of the value. write"],
    ),
}
