"""Findings: what is wrong with a page that was looked at, each with its cure.

Pure: from what was seen to lines. One table of checks; what one of them explains is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from widget_backend.doctor.contrasts import contrasts
from widget_backend.doctor.heights import heights
from widget_backend.doctor.held import curly_quotes
from widget_backend.doctor.languages import languages
from widget_backend.doctor.looking import Look, Seen
from widget_backend.doctor.scripts import is_blocked, policies, scripts
from widget_backend.doctor.sources import cached_links, unclosed
from widget_backend.doctor.words import (
    Widget,
    fragment_asked,
    has_form,
    is_local,
    is_shown,
    origin_of,
    widgets_in,
)
from widget_backend.embed.snippets import MODES
from widget_backend.errors import Finding


def findings(seen: Seen, lang: str | None = None) -> list[Finding]:
    """What is wrong with the page, most basic first. `lang`: what the form should speak."""
    if not seen.looks[0].facts["widgets"]:
        cure = "paste the lines that `preference-widget snippet` writes"
        return [Finding("element", "there is no <preference-widget> in the page", cure)]
    if quotes := list(curly_quotes(seen)):
        return list(dict.fromkeys(quotes))  # nothing else can be read out of such lines
    found = [each for check in CHECKS for each in check(seen)]
    found += languages(seen, lang)
    return list(dict.fromkeys(found))


# ── the form ────────────────────────────────────────────────────────────────────────────────


def _forms(seen: Seen) -> Iterator[Finding]:
    look = seen.looks[0]
    if not any(each["defined"] for each in widgets_in(look)):
        return  # without the script there is none, and that is told
    for widget in widgets_in(look):
        if not widget["home"]:
            yield _no_address(widget)
        elif widget["mode"] == "dialog" and not widget["link"]:
            continue  # nobody can open it, and that is told
        elif not has_form(widget):
            if not is_blocked(look, widget["home"], "connect-src"):
                yield _no_form(look, widget)
        elif widget["form"] and _is_hidden(seen, widget):
            reason = "it is there, and the page does not show it"
            cure = "show what it stands in, or its own element"
            yield Finding("form", reason, cure)


def _is_hidden(seen: Seen, widget: Widget) -> bool:
    """At every width, and not in what people open themselves."""
    everywhere = [each for look in seen.looks for each in widgets_in(look)]
    alike = [each for each in everywhere if each["home"] == widget["home"]]
    return not widget["form"]["waits"] and not any(map(is_shown, alike))


def _no_address(widget: Widget) -> Finding:
    src = widget["src"]
    reason = "an element has no address there, so that only its link shows"
    if src:
        reason = f"“{src}” is no address of a page"
    cure = "write src, or let your script set it: see “People you know” in widget/README.md"
    return Finding("src", reason, cure)


def _no_form(look: Look, widget: Widget) -> Finding:
    asked = [look.answers.get(each) for each in fragment_asked(look, widget)]
    answer = next((each for each in asked if each), None)
    origin, page = origin_of(widget["home"]), look.facts["origin"]
    if page == "null":
        reason = f"the page has no origin of its own, so that {origin} lets it read nothing"
        return Finding("sandbox", reason, "add allow-same-origin to it")
    if _is_unreadable(look, widget):
        reason = f"{origin} lets no page of {page} read the form, so that only the link shows"
        cure = f'add "{page}" to origins in SITE.toml, and start the server again'
        return Finding("origins", reason, cure)
    if answer is None or (answer.failure and not answer.status):
        said = answer.failure if answer else "nobody asked for the form"
        return Finding(
            "src", f"{origin} does not answer: {said}", "see that it runs, and correct src"
        )
    if answer.status in {404, 410}:
        said = f"{origin} answers with {answer.status}"
        reason = f"{said}: there is no such site, or the link is over"
        return Finding("src", reason, "correct src, or mint the embed link anew")
    if answer.status < 400:
        reason = f"what {origin} answers is no form of ours"
        return Finding("src", reason, "begin src with the address of the preference centre")
    reason = f"the form answers with {answer.status} and is not shown"
    return Finding("src", reason, "open its address in a browser and see what it says")


def _is_unreadable(look: Look, widget: Widget) -> bool:
    """Whether our server answered and did not name this page's origin (WHATWG Fetch, CORS)."""
    asked = [f"'{each}'" for each in fragment_asked(look, widget)]
    return any("CORS" in said and any(each in said for each in asked) for said in look.console)


def _twice(seen: Seen) -> Iterator[Finding]:
    """One form shown in two ways is two doors to it; twice in the same way it is one too many."""
    shown = [
        (each["home"], each["mode"], each["view"], each["lang"])
        for each in widgets_in(seen.looks[0])
        if each["home"]
    ]
    if len(shown) > len(set(shown)):
        yield Finding("element", "two elements show the same form alike", "keep one of them")


KNOWN = {"mode": MODES, "view": ("", "preferences", "questions")}


def _attributes(seen: Seen) -> Iterator[Finding]:
    """What the element does not know, it takes for what it does when the attribute is absent."""
    for widget in widgets_in(seen.looks[0]):
        for name, known in KNOWN.items():
            if widget[name] not in known:
                *others, last = filter(None, known)
                cure = f"write {', '.join(others)} or {last}"
                yield Finding(name, f"there is none that is called “{widget[name]}”", cure)


def _questions(seen: Seen) -> Iterator[Finding]:
    for widget in widgets_in(seen.looks[0]):
        if widget["view"] == "questions" and "/s/" in widget["home"]:
            reason = "questions are for people you know, and src is for everybody"
            cure = "leave view out, or write an embed link in src: see “People you know”"
            yield Finding("view", reason, cure)


def _preloads(seen: Seen) -> Iterator[Finding]:
    look = seen.looks[0]
    wanted = [url for each in widgets_in(look) for url in fragment_asked(look, each)]
    for preload in look.facts["preloads"]:
        href = preload["href"]
        if is_blocked(look, href, "connect-src"):
            continue
        if why := _is_needless(look, href):
            yield Finding("preload", why, "leave the line out")
        elif wanted and href not in wanted and any(map(has_form, widgets_in(look))):
            reason = f"it names {href}, but the widget asks for {wanted[0]}"
            yield Finding("preload", reason, "write the address that the widget asks for")
        elif preload["crossOrigin"] is None or look.asked.count(href) > max(1, wanted.count(href)):
            cure = "write crossorigin on the line, and nothing else but rel, as and href"
            yield Finding("preload", "the form is fetched twice", cure)


FETCHED_LATER = {
    "dialog": "it fetches the form of a dialog, which is fetched when somebody opens it",
    "prompt": "it fetches the form of a prompt, which is not fetched while it stays closed",
}


def _is_needless(look: Look, href: str) -> str:
    """Why it is, since no form is fetched at once from there; else empty."""
    modes = [each["mode"] for each in widgets_in(look) if href in fragment_asked(look, each)]
    return FETCHED_LATER[modes[0]] if modes and set(modes) <= set(FETCHED_LATER) else ""


def _secure(seen: Seen) -> Iterator[Finding]:
    facts = seen.looks[0].facts
    urls = [seen.url, *(each["src"] for each in facts["scripts"])]
    urls += [each["home"] for each in facts["widgets"]] + [
        each["href"] for each in facts["preloads"]
    ]
    for url in urls:
        parts = urlsplit(origin_of(url))
        if parts.scheme == "http" and not is_local(parts.hostname or ""):
            reason = f"{origin_of(url)} is not encrypted: anybody on the way reads what is typed"
            yield Finding("http", reason, "write https")


CHECKS: tuple[Callable[[Seen], Iterable[Finding]], ...] = (
    _secure,
    policies,
    scripts,
    unclosed,
    _attributes,
    _questions,
    _forms,
    _twice,
    _preloads,
    cached_links,
    heights,
    contrasts,
)
