"""What `doctor` says of a script that a tool holds back, from the script element as it stands."""

from __future__ import annotations

import pytest

from widget_backend.doctor.inspection import Inspection, Look
from widget_backend.doctor.script_blockers import (
    CONSENT_TOOLS,
    OPTIMISERS,
    STORES,
    blocked_scripts,
    curly_quotes,
)
from widget_backend.doctor.scripts import scripts

SRC = "https://prefs.example/widget/v1.js"
PLAIN = {"type": "text/plain", "src": SRC}

HELD = {
    "WP Rocket": {"type": "rocketlazyloadscript", "data-rocket-src": SRC},
    "Cloudflare’s Rocket Loader": {"type": f"{'7d' * 12}-module", "src": SRC},
    "LiteSpeed Cache": {"type": "litespeed/javascript", "data-src": SRC},
    "Perfmatters": {"type": "pmdelayedscript", "src": SRC},
    "WP Meteor": {"type": "javascript/blocked", "data-wpmeteor-type": "module", "src": SRC},
    "Flying Scripts": {"data-type": "lazy", "data-src": SRC},
    "FlyingPress": {"data-loading-method": "user-interaction", "data-src": SRC},
    "NitroPack": {"type": "nitropack/inlinescript", "data-src": SRC},
    "Swift Performance": {"type": "swift/javascript", "data-src": SRC},
    "PageSpeed": {"type": "text/psajs", "data-pagespeed-orig-src": SRC},
    "Cookiebot": {**PLAIN, "data-cookieconsent": "marketing"},
    "OneTrust": {**PLAIN, "class": "optanon-category-C0003"},
    "Usercentrics": {**PLAIN, "data-usercentrics": "Preferences"},
    "Complianz": {**PLAIN, "data-service": "general", "data-category": "marketing"},
    "Borlabs Cookie": {**PLAIN, "data-borlabs-cookie-script-blocker-id": "x"},
    "iubenda": {**PLAIN, "class": "a _iub_cs_activate"},
    "CookieYes": {**PLAIN, "data-cookieyes": "cookieyes-analytics"},
    "CookieFirst": {**PLAIN, "data-cookiefirst-category": "functional"},
    "Termly": {**PLAIN, "data-categories": "analytics"},
    "Cookie Information": {
        "data-category-consent": "cookie_cat_marketing",
        "data-consent-src": SRC,
    },
    "consentmanager": {"type": "text/plain", "class": "cmplazyload", "data-cmp-src": SRC},
    "CookieConsent": {**PLAIN, "data-category": "analytics"},
    "Klaro": {"type": "text/plain", "data-type": "module", "data-src": SRC, "data-name": "x"},
    "a consent tool": PLAIN,
}


def page(*elements: tuple[str, dict[str, str]], defined: bool = False) -> Look:
    pasted = [{"name": name, "attributes": attributes} for name, attributes in elements]
    widgets = [{"defined": defined, "home": "https://prefs.example/s/dimora"}]
    ours = [each for name, each in elements if name == "script" and each.get("src")]
    scripts = [{"src": each["src"], "type": each.get("type", ""), "integrity": ""} for each in ours]
    facts = {"pasted": pasted, "widgets": widgets, "scripts": scripts, "violations": []}
    return Look("phone", facts)


def test_each_tool_has_its_page() -> None:
    assert set(HELD) == {each.tool for each in (*OPTIMISERS, *CONSENT_TOOLS)}


@pytest.mark.parametrize("tool", HELD)
def test_the_tool_that_holds_the_script_back_is_named_once_with_a_cure(tool: str) -> None:
    (found,) = scripts(Inspection("", (page(("script", HELD[tool])),), ()))
    assert found.where == "script"
    assert found.reason.startswith(f"{tool} holds it back until somebody ")
    waits_for_consent = tool in {each.tool for each in CONSENT_TOOLS}
    assert found.cure.endswith(STORES) == waits_for_consent


@pytest.mark.parametrize(
    "attributes",
    [
        {"type": "module", "src": SRC},
        {"type": "module", "src": SRC, "data-category": "necessary", "class": "cmplz-native"},
        {"type": "module", "src": SRC, "data-cookieconsent": "ignore"},
        {"type": "module", "src": SRC, "data-cfasync": "false"},
    ],
)
def test_a_script_that_is_left_to_run_is_in_nobodys_hands(attributes: dict[str, str]) -> None:
    assert list(blocked_scripts(page(("script", attributes)))) == []


def test_of_a_script_that_was_let_go_since_nothing_is_said() -> None:
    look = page(("script", {"type": "module", "src": SRC}), ("script", PLAIN), defined=True)
    assert not [each for each in scripts(Inspection("", (look,), ())) if "holds" in each.reason]


@pytest.mark.parametrize("quote", "“”„‟″‘’‚«»")
def test_quotes_that_html_does_not_know_are_named(quote: str) -> None:
    look = page(("script", {"type": f"{quote}module{quote}", "src": f"{quote}{SRC}{quote}"}))
    (found,) = curly_quotes(Inspection("", (look,), ()))
    assert found.reason.startswith("type, src of <script> in curly quotes")


def test_quotes_within_a_value_are_no_fault() -> None:
    look = page(("a", {"href": SRC, "title": "Our “news”"}))
    assert list(curly_quotes(Inspection("", (look,), ()))) == []
