"""Snippets: the lines that an owner pastes, for each way of showing the form."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from widget_backend.embed.releases import integrity, released, released_folder
from widget_backend.i18n.languages import language
from widget_backend.links import PATHS
from widget_backend.site.model import Site

Mode = Literal["inline", "dialog", "prompt"]
INLINE = "preference-widget:not([mode=dialog], [mode=prompt])"
"""Those that stand in the page, the only ones for which there is room to reserve."""

MODES: tuple[Mode, ...] = ("inline", "dialog", "prompt")

View = Literal["sign-up", "preferences", "questions"]
VIEWS: tuple[View, ...] = ("sign-up", "preferences", "questions")
"""What the form is for: the first is for everybody, the others for people whom the page knows."""


def room(rem: float = 40) -> str:
    """The rule that reserves room for the form, so many rem high; by itself a guess."""
    return f"{INLINE} {{ display: block; min-block-size: {rem:g}rem }}"


@dataclass(frozen=True)
class Choice:
    """How an owner wants to show the form. `pinned`: the newest version that never changes."""

    language: str
    mode: Mode = "inline"
    view: View = "sign-up"
    pinned: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it is one person's: then their embed link comes later, by a script."""
        return self.view != "sign-up"


ACCOUNT = """\
// account.js: your own server answers with { "src": "https://…/e/…" }, and Cache-Control: no-store
const answer = await fetch('/account/preferences-link');
if (answer.ok) {
  const { src } = await answer.json();
  document.querySelector('preference-widget:not([src])').setAttribute('src', src);
}"""
"""Hands the embed link of whoever is signed in to the widget; without one the link inside stays."""


def home(site: Site) -> str:
    return f"{site.url}/s/{site.id}"


def head(site: Site, choice: Choice) -> str:
    lines = [script(site.url, choice.pinned)]
    if choice.is_personal:
        lines.append('<script type="module" src="/account.js"></script>')
    elif choice.mode == "inline":
        # A dialog loads its form when it is opened, and a prompt none while it stays closed.
        address = f"{home(site)}/fragment?lang={choice.language}"
        lines.insert(0, f'<link rel="preload" as="fetch" crossorigin href="{address}">')
    return "\n".join(lines)


def script(url: str, pinned: bool) -> str:
    if not pinned:
        return f'<script type="module" src="{url}/widget/v1.js"></script>'
    name = released()[-1]
    told = integrity((released_folder() / name).read_bytes())
    address = f'src="{url}/widget/{name}"'
    return f'<script type="module" crossorigin {address} integrity="{told}"></script>'


def element(site: Site, choice: Choice) -> str:
    """The widget and in it the link, which is all that people get who run no script."""
    attributes = {
        "src": "" if choice.is_personal else home(site),
        "lang": choice.language,
        "view": "questions" if choice.view == "questions" else "",
        "mode": "" if choice.mode == "inline" else choice.mode,
    }
    said = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    where = f"{home(site)}{'/link' if choice.is_personal else ''}?lang={choice.language}"
    words = escape(link_words(site, choice), quote=False)
    opens = ' aria-haspopup="dialog"' if choice.mode == "dialog" else ""
    link = f'<a href="{where}"{opens}>{words}</a>'
    return f"<preference-widget{said}>\n  {link}\n</preference-widget>"


def link_words(site: Site, choice: Choice) -> str:
    spoken = language(choice.language)
    if choice.is_personal:
        return spoken.gettext("Choose what you want to hear about").striptags()
    return spoken.gettext("Hear from %(site)s", site=site.name).striptags()


def policy(site: Site) -> str:
    """The only two directives of a Content Security Policy that need our address."""
    return f"script-src {site.url};\nconnect-src {site.url};"


def frame(site: Site, choice: Choice) -> str:
    """The hosted page in a frame; a person's own link stands there only where nobody caches it."""
    door = PATHS["questions" if choice.view == "questions" else "preferences"]
    page = f"{site.url}/{door}/…" if choice.is_personal else home(site)
    words = escape(link_words(site, choice))
    what = f'src="{page}?lang={choice.language}" title="{words}" width="100%" height="640"'
    return f'<iframe {what} referrerpolicy="no-referrer"></iframe>'


def frame_policy(site: Site) -> str:
    return f"frame-src {site.url};"
