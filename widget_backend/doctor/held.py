"""Held back: what keeps our script from running though it stands in the page.

Optimisers delay scripts until somebody moves the mouse, consent tools until somebody agrees; both
change the element so that browsers pass over it. A word processor's quotes do the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from widget_backend.doctor.looking import Look, Seen
from widget_backend.errors import Finding

CURLY = re.compile("^[“”„‟″‘’‚‛′«»]")


@dataclass(frozen=True)
class Holder:
    """A tool, the signs by which its work is known, and where it lets a script pass.

    A sign is `name=pattern` of an attribute and its whole value; `name` alone is one of any value.
    Patterns of names end with `*` where more may follow.
    """

    tool: str
    signs: tuple[str, ...]
    cure: str


EXCLUDE = "exclude /widget/v1 in its settings"
OPTIMISERS = (
    Holder(
        "WP Rocket",
        ("type=rocketlazyloadscript", "data-rocket-src"),
        "add /widget/v1 to Excluded JavaScript Files below Delay JavaScript Execution",
    ),
    Holder(
        "Cloudflare’s Rocket Loader",
        (r"type=[0-9a-f]{20,}-.*", "type=text/rocketscript", "data-rocketsrc"),
        'write data-cfasync="false" into the script element, before src',
    ),
    Holder(
        "LiteSpeed Cache",
        ("type=litespeed/javascript", "data-litespeed-src"),
        "add /widget/v1 to JS Deferred / Delayed Excludes",
    ),
    Holder(
        "Perfmatters",
        ("type=pmdelayedscript", "data-pmdelayedscript", "data-perfmatters-type"),
        "add /widget/v1 to what Delay JavaScript excludes",
    ),
    Holder("WP Meteor", ("type=javascript/blocked", "data-wpmeteor-*"), EXCLUDE),
    Holder("Flying Scripts", ("data-type=lazy",), "take its keyword out of Include Keywords"),
    Holder("FlyingPress", ("data-loading-method=user-interaction", "type=flyingpress.*"), EXCLUDE),
    Holder("NitroPack", ("type=nitropack/.*", "nitro-delay-*", "data-nitro-src"), EXCLUDE),
    Holder("Swift Performance", ("type=swift/javascript",), EXCLUDE),
    Holder(
        "PageSpeed",
        ("type=text/psajs", "data-pagespeed-orig-src"),
        "write data-pagespeed-no-defer into the script element",
    ),
)
"""PageSpeed’s: modpagespeed.com/doc/filter-js-defer, read November 2026. The others are as their
pages show them, with the names of their settings: M."""

FREE_IT = "let it pass without consent there"
CONSENT_TOOLS = (
    Holder("Cookiebot", ("data-cookieconsent",), 'write data-cookieconsent="ignore" instead'),
    Holder("OneTrust", ("class=.*optanon-category-.*",), "take that class from it"),
    Holder("Usercentrics", ("data-usercentrics", "data-uc-*"), FREE_IT),
    Holder("Complianz", ("class=.*cmplz-.*", "data-cmplz-*", "data-service"), FREE_IT),
    Holder("Borlabs Cookie", ("data-borlabs*",), FREE_IT),
    Holder("iubenda", ("class=.*_iub_cs_activate.*", "data-iub-*"), FREE_IT),
    Holder("CookieYes", ("data-cookieyes", "data-cli-*"), FREE_IT),
    Holder("CookieFirst", ("data-cookiefirst-*",), FREE_IT),
    Holder("Termly", ("data-categories",), FREE_IT),
    Holder("Cookie Information", ("data-category-consent", "data-consent-src"), FREE_IT),
    Holder("consentmanager", ("data-cmp-*", "class=.*cmplazyload.*"), FREE_IT),
    Holder("CookieConsent", ("data-category", "data-cookiecategory"), FREE_IT),
    Holder("Klaro", ("data-name", "data-type=module"), FREE_IT),
    Holder("a consent tool", ("type=text/plain",), FREE_IT),
)
"""Cookie Information’s: support.cookieinformation.com/hc/articles/360018190311; consentmanager’s:
help.consentmanager.net, “How to block third-party codes”; both read November 2026. The others: M.
The most general signs stand last."""

STORES = "it sets no cookie, and stores nothing before somebody saves or closes a prompt"


def held_back(look: Look) -> Iterator[Finding]:
    """Of each of our scripts that stands there in a tool's hands: whose, and how to free it."""
    for element in look.facts["pasted"]:
        if element["name"] != "script":
            continue
        if holder := _holder(OPTIMISERS, element["attributes"]):
            reason = f"{holder.tool} holds it back until somebody moves or touches something"
            yield Finding("script", reason, holder.cure)
        elif holder := _holder(CONSENT_TOOLS, element["attributes"]):
            reason = f"{holder.tool} holds it back until somebody agrees"
            yield Finding("script", reason, f"{holder.cure}: {STORES}")


def _holder(holders: tuple[Holder, ...], attributes: Mapping[str, str]) -> Holder | None:
    is_plain = attributes.get("type", "").strip().lower() == "text/plain"
    if holders is CONSENT_TOOLS and attributes.get("src") and not is_plain:
        return None  # these attributes say nothing of a script that is left to run
    return next((each for each in holders if _shows(each, attributes)), None)


def _shows(holder: Holder, attributes: Mapping[str, str]) -> bool:
    return any(
        _is_sign(sign, name, value) for sign in holder.signs for name, value in attributes.items()
    )


def _is_sign(sign: str, name: str, value: str) -> bool:
    wanted, has_value, pattern = sign.partition("=")
    is_named = name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
    return is_named and (not has_value or bool(re.fullmatch(pattern, value, re.IGNORECASE)))


def curly_quotes(seen: Seen) -> Iterator[Finding]:
    """Attributes whose value begins with a quote that HTML takes for a part of it."""
    for element in seen.looks[0].facts["pasted"]:
        names = [name for name, value in element["attributes"].items() if CURLY.match(value)]
        if names:
            reason = (
                f"{', '.join(names)} of <{element['name']}> in curly quotes, which HTML takes for "
                "a part of the value"
            )
            cure = 'write straight ones ("), and paste the lines where HTML is edited, not text'
            yield Finding("quotes", reason, cure)
