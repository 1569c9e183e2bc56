"""Snippets: the lines that an owner pastes, for each way of showing the form."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from widget_backend.embed.releases import frozen_script, frozen_versions, integrity
from widget_backend.i18n.languages import language
from widget_backend.links import PATHS
from widget_backend.site.model import Site

Mode = Literal["inline", "dialog", "prompt"]
INLINE = "preference-widget:not([mode=dialog], [mode=prompt])"
"""Elements that stand in the page: only these need reserved room."""

MODES: tuple[Mode, ...] = ("inline", "dialog", "prompt")

View = Literal["sign-up", "preferences", "questions"]
VIEWS: tuple[View, ...] = ("sign-up", "preferences", "questions")
"""What the form is for. The first is for everybody, the others for people whom the page knows."""


def height_rule(rem: float = 40) -> str:
    """The CSS rule that reserves this height in rem for the form. The default is a guess."""
    return f"{INLINE} {{ display: block; min-block-size: {rem:g}rem }}"


@dataclass(frozen=True)
class Choice:
    """How an owner wants to show the form. `pinned` names the newest frozen script."""

    language: str
    mode: Mode = "inline"
    view: View = "sign-up"
    pinned: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the form is one person’s: then a script of the page fetches their embed link."""
        return self.view != "sign-up"


ACCOUNT = """\
// account.js: your own server answers with { "src": "https://…/e/…" }, and Cache-Control: no-store
const answer = await fetch('/account/preferences-link');
if (answer.ok) {
  const { src } = await answer.json();
  document.querySelector('preference-widget:not([src])').setAttribute('src', src);
}"""
"""Gives the widget the embed link of the person who is signed in. Without one, the link stays."""


def hosted_url(site: Site) -> str:
    return f"{site.url}/s/{site.id}"


def head_lines(site: Site, choice: Choice) -> str:
    lines = [script_line(site.url, choice.pinned)]
    if choice.is_personal:
        lines.append('<script type="module" src="/account.js"></script>')
    elif choice.mode == "inline":
        # A dialog loads its form when it is opened, and a prompt none while it stays closed.
        address = f"{hosted_url(site)}/fragment?lang={choice.language}"
        lines.insert(0, f'<link rel="preload" as="fetch" crossorigin href="{address}">')
    return "\n".join(lines)


def script_line(url: str, pinned: bool) -> str:
    if not pinned:
        return f'<script type="module" src="{url}/widget/v1.js"></script>'
    name = frozen_versions()[-1]
    sri_hash = integrity(frozen_script(name))
    address = f'src="{url}/widget/{name}"'
    return f'<script type="module" crossorigin {address} integrity="{sri_hash}"></script>'


def element(site: Site, choice: Choice) -> str:
    """The widget, and in it the link, which is all that people without JavaScript see."""
    attributes = {
        "src": "" if choice.is_personal else hosted_url(site),
        "lang": choice.language,
        "view": "questions" if choice.view == "questions" else "",
        "mode": "" if choice.mode == "inline" else choice.mode,
    }
    written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    where = f"{hosted_url(site)}{'/link' if choice.is_personal else ''}?lang={choice.language}"
    words = escape(link_text(site, choice), quote=False)
    opens = ' aria-haspopup="dialog"' if choice.mode == "dialog" else ""
    link = f'<a href="{where}"{opens}>{words}</a>'
    return f"<preference-widget{written}>\n  {link}\n</preference-widget>"


def link_text(site: Site, choice: Choice) -> str:
    gettext = language(choice.language).gettext
    if choice.is_personal:
        return gettext("Choose what you want to hear about").striptags()
    return gettext("Hear from %(site)s", site=site.name).striptags()


def csp_directives(site: Site) -> str:
    """The only two directives of a Content Security Policy that need our address."""
    return f"script-src {site.url};\nconnect-src {site.url};"


def frame(site: Site, choice: Choice) -> str:
    """The hosted page in a frame. A person’s own link is only for pages that nobody caches."""
    door = PATHS["questions" if choice.view == "questions" else "preferences"]
    page = f"{site.url}/{door}/…" if choice.is_personal else hosted_url(site)
    words = escape(link_text(site, choice))
    what = f'src="{page}?lang={choice.language}" title="{words}" width="100%" height="640"'
    return f'<iframe {what} referrerpolicy="no-referrer"></iframe>'


def frame_csp_directive(site: Site) -> str:
    return f"frame-src {site.url};"
