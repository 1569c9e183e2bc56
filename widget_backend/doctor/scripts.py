"""Scripts: whether ours loads and runs, and whether the page’s own policy allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from widget_backend.doctor.inspection import Answer, Inspection, Look
from widget_backend.doctor.page_facts import origin_of, widgets_in
from widget_backend.doctor.script_blockers import blocked_scripts
from widget_backend.embed.releases import MAJOR
from widget_backend.errors import Finding

NEWEST = re.compile(rf"/v{MAJOR}\.js\b")
OURS = re.compile(rf"/widget/v{MAJOR}(\.\d+){{0,2}}\.js\b")


def scripts(inspection: Inspection) -> Iterator[Finding]:
    look = inspection.looks[0]
    pasted = look.facts["scripts"]
    runs = any(each["defined"] for each in widgets_in(look))
    blocked = [] if runs else list(blocked_scripts(look))
    if blocked:
        yield from blocked  # what else is wrong follows from that
        return
    if not pasted and not runs:
        homes = [each["home"] for each in widgets_in(look) if each["home"]]
        home = origin_of(homes[0]) if homes else "https://prefs.example"
        line = f'<script type="module" src="{home}/widget/v1.js"></script>'
        yield Finding("script", "the page loads none of ours", f"paste {line}")
    yield from _versions(pasted)
    wrong = [finding for each in pasted for finding in _one_script(look, each)]
    wrong += _failures(look)
    yield from wrong
    if pasted and not (
        wrong or runs or any(is_blocked(look, each["src"], "script-src") for each in pasted)
    ):
        cure = "where the page has sandbox, add allow-scripts, allow-forms and allow-same-origin"
        yield Finding("script", "it comes, and the browser does not run it", cure)


def _versions(pasted: list[dict[str, str]]) -> Iterator[Finding]:
    if len({each["src"].partition("?")[0] for each in pasted}) > 1:
        reason = "two versions are loaded, and the first that comes is used"
        yield Finding("script", reason, "keep one of them")
    if any(each["integrity"] and NEWEST.search(each["src"]) for each in pasted):
        reason = f"v{MAJOR}.js changes, and will then not have this hash"
        cure = "name a version that never changes, as the page /s/…/snippet writes it"
        yield Finding("script", reason, cure)


def _failures(look: Look) -> Iterator[Finding]:
    for failure in look.failures:
        if OURS.search(failure):
            first_line = failure.partition("\n")[0]
            yield Finding(
                "script", f"it failed: {first_line}", "pin an earlier version, and tell us"
            )


def _one_script(look: Look, script: dict[str, str]) -> Iterator[Finding]:
    src = script["src"]
    if script["type"] != "module":
        yield Finding("script", "it has no type=module", 'write <script type="module" src="…">')
        return
    if is_blocked(look, src, "script-src"):
        return  # `policies` reports it
    answer = look.answers.get(src) or Answer(src, failure="nobody asked for it")
    if answer.failure:
        yield Finding("script", f"{src} does not come: {answer.failure}", "correct its address")
    elif answer.status >= 400:
        yield Finding("script", f"{src} answers with {answer.status}", "correct its address")
    elif "javascript" not in answer.kind:
        reason = f"{src} comes as {answer.kind or 'no type'}, which no browser runs as a module"
        yield Finding("script", reason, "let whatever stands before our server keep Content-Type")
    elif any("integrity" in line and src in line for line in look.console):
        cure = "copy the hash of this very version from the page /s/…/snippet"
        yield Finding("script", "its content has not the hash in integrity", cure)


def is_blocked(look: Look, url: str, directive: str) -> bool:
    """Whether this directive of the page’s policy forbids the address."""
    blocked = [each for each in look.facts["violations"] if each["directive"].startswith(directive)]
    return origin_of(url) in {origin_of(each["blocked"]) for each in blocked} - {""}


def policies(inspection: Inspection) -> Iterator[Finding]:
    look = inspection.looks[0]
    ours = {origin_of(each["src"]) for each in look.facts["scripts"]}
    ours |= {origin_of(each["home"]) for each in widgets_in(look)}
    for violation in look.facts["violations"]:
        origin = origin_of(violation["blocked"])
        if origin in ours - {""}:
            directive, cure = _allowing(violation, origin)
            reason = f"the page’s Content Security Policy forbids {origin}"
            yield Finding(directive, reason, cure)


def _allowing(violation: dict[str, str], origin: str) -> tuple[str, str]:
    """The directive in effect, and what to write. A new directive replaces default-src."""
    parts = (part.strip().partition(" ") for part in violation["policy"].split(";"))
    directives = {name.lower(): sources.strip() for name, _, sources in parts}
    directive = violation["directive"]
    if directive not in directives:
        directive = directive.removesuffix("-elem")
    if directive == "script-src" and "'strict-dynamic'" in violation["policy"]:
        return directive, "give our script element the nonce of the page"
    if directive in directives:
        return directive, f"add {origin} to {directive}"
    defaults = directives.get("default-src", "").replace("'none'", "")
    return directive, f"add {' '.join([directive, *defaults.split(), origin])}"
