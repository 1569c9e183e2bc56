"""Findings: what is wrong with an inspected page, each with its cure.

Pure functions, in one table of checks. What one check explains is not reported by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from widget_backend.calling import calling
from widget_backend.doctor.contrasts import contrasts
from widget_backend.doctor.heights import heights
from widget_backend.doctor.html_source import cached_links, unclosed
from widget_backend.doctor.inspection import Inspection, Look
from widget_backend.doctor.languages import languages
from widget_backend.doctor.page_facts import (
    Widget,
    fragment_asked,
    has_form,
    is_local,
    is_shown,
    origin_of,
    widgets_in,
)
from widget_backend.doctor.script_blockers import curly_quotes
from widget_backend.doctor.scripts import is_blocked, policies, scripts
from widget_backend.embed.snippets import MODES
from widget_backend.errors import Finding
from widget_backend.installation import text_file


def findings(inspection: Inspection, lang: str | None = None) -> list[Finding]:
    """What is wrong with the page, most basic first. `lang` is the form’s expected language."""
    if not inspection.looks[0].facts["widgets"]:
        cure = f"paste the lines that `{calling('snippet')}` writes"
        return [Finding("element", "there is no <preference-widget> in the page", cure)]
    if quotes := list(curly_quotes(inspection)):
        return list(dict.fromkeys(quotes))  # nothing else can be read from such lines
    everything = [each for check in CHECKS for each in check(inspection)]
    everything += languages(inspection, lang)
    return list(dict.fromkeys(everything))


# ── the form ────────────────────────────────────────────────────────────────────────────────


def _forms(inspection: Inspection) -> Iterator[Finding]:
    look = inspection.looks[0]
    if not any(each["defined"] for each in widgets_in(look)):
        return  # without the script there is no form, and another check reports that
    for widget in widgets_in(look):
        if not widget["home"]:
            yield _no_address(widget)
        elif widget["mode"] == "dialog" and not widget["link"]:
            continue  # nobody can open it, and another check reports that
        elif not has_form(widget):
            if not is_blocked(look, widget["home"], "connect-src"):
                yield _no_form(look, widget)
        elif widget["form"] and _is_hidden(inspection, widget):
            reason = "it is there, and the page does not show it"
            cure = "show what it stands in, or its own element"
            yield Finding("form", reason, cure)


def _is_hidden(inspection: Inspection, widget: Widget) -> bool:
    """Whether no width shows it, though it is not a dialog or prompt that people open."""
    everywhere = [each for look in inspection.looks for each in widgets_in(look)]
    alike = [each for each in everywhere if each["home"] == widget["home"]]
    return not widget["form"]["waits"] and not any(map(is_shown, alike))


def _no_address(widget: Widget) -> Finding:
    src = widget["src"]
    reason = "an element has no address there, so that only its link shows"
    if src:
        reason = f"“{src}” is no address of a page"
    explained = f"“People you know” in {text_file('widget/README.md')}"
    cure = f"write src, or let your script set it: see {explained}"
    return Finding("src", reason, cure)


def _no_form(look: Look, widget: Widget) -> Finding:
    asked = [look.answers.get(each) for each in fragment_asked(look, widget)]
    answer = next((each for each in asked if each), None)
    origin, page = origin_of(widget["home"]), look.facts["origin"]
    if page == "null":
        reason = f"the page has no origin of its own, so that {origin} lets it read nothing"
        return Finding("sandbox", reason, "add allow-same-origin to it")
    # Our server answered without naming this page's origin (WHATWG Fetch, CORS).
    quoted = [f"'{each}'" for each in fragment_asked(look, widget)]
    if any("CORS" in line and any(each in line for each in quoted) for line in look.console):
        reason = f"{origin} lets no page of {page} read the form, so that only the link shows"
        cure = f'add "{page}" to origins in SITE.toml, and start the server again'
        return Finding("origins", reason, cure)
    if answer is None or (answer.failure and not answer.status):
        failure = answer.failure if answer else "nobody asked for the form"
        reason = f"{origin} does not answer: {failure}"
        return Finding("src", reason, "see that it runs, and correct src")
    if answer.status in {404, 410}:
        reason = (
            f"{origin} answers with {answer.status}: there is no such site, or the link is over"
        )
        return Finding("src", reason, "correct src, or mint the embed link anew")
    if answer.status < 400:
        reason = f"what {origin} answers is no form of ours"
        return Finding("src", reason, "begin src with the address of the preference centre")
    reason = f"the form answers with {answer.status} and is not shown"
    return Finding("src", reason, "open its address in a browser and see what it says")


def _twice(inspection: Inspection) -> Iterator[Finding]:
    """The same form twice in the same way. In two different ways it may be intended."""
    forms = [
        (each["home"], each["mode"], each["view"], each["lang"])
        for each in widgets_in(inspection.looks[0])
        if each["home"]
    ]
    if len(forms) > len(set(forms)):
        yield Finding("element", "two elements show the same form alike", "keep one of them")


KNOWN = {"mode": MODES, "view": ("", "preferences", "questions")}


def _attributes(inspection: Inspection) -> Iterator[Finding]:
    """The element ignores values that it does not know."""
    for widget in widgets_in(inspection.looks[0]):
        for name, known in KNOWN.items():
            if widget[name] not in known:
                *others, last = filter(None, known)
                cure = f"write {', '.join(others)} or {last}"
                yield Finding(name, f"there is none that is called “{widget[name]}”", cure)


def _questions(inspection: Inspection) -> Iterator[Finding]:
    for widget in widgets_in(inspection.looks[0]):
        if widget["view"] == "questions" and "/s/" in widget["home"]:
            reason = "questions are for people you know, and src is for everybody"
            cure = "leave view out, or write an embed link in src: see “People you know”"
            yield Finding("view", reason, cure)


def _preloads(inspection: Inspection) -> Iterator[Finding]:
    look = inspection.looks[0]
    wanted = [url for each in widgets_in(look) for url in fragment_asked(look, each)]
    for preload in look.facts["preloads"]:
        href = preload["href"]
        if is_blocked(look, href, "connect-src"):
            continue
        modes = [each["mode"] for each in widgets_in(look) if href in fragment_asked(look, each)]
        if modes and set(modes) <= set(FETCHED_LATER):
            yield Finding("preload", FETCHED_LATER[modes[0]], "leave the line out")
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


def _secure(inspection: Inspection) -> Iterator[Finding]:
    facts = inspection.looks[0].facts
    urls = [inspection.url, *(each["src"] for each in facts["scripts"])]
    urls += [each["home"] for each in facts["widgets"]] + [
        each["href"] for each in facts["preloads"]
    ]
    for url in urls:
        parts = urlsplit(origin_of(url))
        if parts.scheme == "http" and not is_local(parts.hostname or ""):
            reason = f"{origin_of(url)} is not encrypted: anybody on the way reads what is typed"
            yield Finding("http", reason, "write https")


CHECKS: tuple[Callable[[Inspection], Iterable[Finding]], ...] = (
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
