"""Script blockers: tools that keep our script from running although it is in the page.

Optimisers delay scripts until somebody moves the mouse, consent tools until somebody agrees. Both
change the script element so that browsers ignore it. A word processor's quotes do the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from widget_backend.doctor.inspection import Inspection, Look
from widget_backend.errors import Finding

CURLY = re.compile("^[“”„‟″‘’‚‛′«»]")


@dataclass(frozen=True)
class Blocker:
    """A tool, the signs that it leaves on a script element, and how to exempt our script.

    A sign is `name=pattern` for an attribute and its whole value; `name` alone is for any value.
    A name that ends with `*` stands for all names that begin so.
    """

    tool: str
    signs: tuple[str, ...]
    cure: str

    def marks(self, attributes: Mapping[str, str]) -> bool:
        """Whether a script element with these attributes has one of the signs."""
        return any(
            _is_sign(sign, name, value) for sign in self.signs for name, value in attributes.items()
        )


EXCLUDE = "exclude /widget/v1 in its settings"
OPTIMISERS = (
    Blocker(
        "WP Rocket",
        ("type=rocketlazyloadscript", "data-rocket-src"),
        "add /widget/v1 to Excluded JavaScript Files below Delay JavaScript Execution",
    ),
    Blocker(
        "Cloudflare’s Rocket Loader",
        (r"type=[0-9a-f]{20,}-.*", "type=text/rocketscript", "data-rocketsrc"),
        'write data-cfasync="false" into the script element, before src',
    ),
    Blocker(
        "LiteSpeed Cache",
        ("type=litespeed/javascript", "data-litespeed-src"),
        "add /widget/v1 to JS Deferred / Delayed Excludes",
    ),
    Blocker(
        "Perfmatters",
        ("type=pmdelayedscript", "data-pmdelayedscript", "data-perfmatters-type"),
        "add /widget/v1 to what Delay JavaScript excludes",
    ),
    Blocker("WP Meteor", ("type=javascript/blocked", "data-wpmeteor-*"), EXCLUDE),
    Blocker("Flying Scripts", ("data-type=lazy",), "take its keyword out of Include Keywords"),
    Blocker("FlyingPress", ("data-loading-method=user-interaction", "type=flyingpress.*"), EXCLUDE),
    Blocker("NitroPack", ("type=nitropack/.*", "nitro-delay-*", "data-nitro-src"), EXCLUDE),
    Blocker("Swift Performance", ("type=swift/javascript",), EXCLUDE),
    Blocker(
        "PageSpeed",
        ("type=text/psajs", "data-pagespeed-orig-src"),
        "write data-pagespeed-no-defer into the script element",
    ),
)
"""PageSpeed’s: modpagespeed.com/doc/filter-js-defer, read November 2026. The others are as their
pages show them, with the names of their settings: M."""

FREE_IT = "let it pass without consent there"
CONSENT_TOOLS = (
    Blocker("Cookiebot", ("data-cookieconsent",), 'write data-cookieconsent="ignore" instead'),
    Blocker("OneTrust", ("class=.*optanon-category-.*",), "take that class from it"),
    Blocker("Usercentrics", ("data-usercentrics", "data-uc-*"), FREE_IT),
    Blocker("Complianz", ("class=.*cmplz-.*", "data-cmplz-*", "data-service"), FREE_IT),
    Blocker("Borlabs Cookie", ("data-borlabs*",), FREE_IT),
    Blocker("iubenda", ("class=.*_iub_cs_activate.*", "data-iub-*"), FREE_IT),
    Blocker("CookieYes", ("data-cookieyes", "data-cli-*"), FREE_IT),
    Blocker("CookieFirst", ("data-cookiefirst-*",), FREE_IT),
    Blocker("Termly", ("data-categories",), FREE_IT),
    Blocker("Cookie Information", ("data-category-consent", "data-consent-src"), FREE_IT),
    Blocker("consentmanager", ("data-cmp-*", "class=.*cmplazyload.*"), FREE_IT),
    Blocker("CookieConsent", ("data-category", "data-cookiecategory"), FREE_IT),
    Blocker("Klaro", ("data-name", "data-type=module"), FREE_IT),
    Blocker("a consent tool", ("type=text/plain",), FREE_IT),
)
"""Cookie Information’s: support.cookieinformation.com/hc/articles/360018190311; consentmanager’s:
help.consentmanager.net, “How to block third-party codes”; both read November 2026. The others: M.
The most general signs stand last."""

STORES = "it sets no cookie, and stores nothing before somebody saves or closes a prompt"


def blocked_scripts(look: Look) -> Iterator[Finding]:
    """Each of our scripts that a tool blocks: which tool, and how to exempt the script."""
    for element in look.facts["pasted"]:
        if element["name"] != "script":
            continue
        if blocker := _blocker(OPTIMISERS, element["attributes"]):
            reason = f"{blocker.tool} holds it back until somebody moves or touches something"
            yield Finding("script", reason, blocker.cure)
        elif blocker := _blocker(CONSENT_TOOLS, element["attributes"]):
            reason = f"{blocker.tool} holds it back until somebody agrees"
            yield Finding("script", reason, f"{blocker.cure}: {STORES}")


def _blocker(blockers: tuple[Blocker, ...], attributes: Mapping[str, str]) -> Blocker | None:
    is_plain = attributes.get("type", "").strip().lower() == "text/plain"
    if blockers is CONSENT_TOOLS and attributes.get("src") and not is_plain:
        return None  # this script may run, whatever its attributes are
    return next((each for each in blockers if each.marks(attributes)), None)


def _is_sign(sign: str, name: str, value: str) -> bool:
    wanted, has_value, pattern = sign.partition("=")
    is_named = name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
    return is_named and (not has_value or bool(re.fullmatch(pattern, value, re.IGNORECASE)))


def curly_quotes(inspection: Inspection) -> Iterator[Finding]:
    """Attributes whose value begins with a curly quote, which HTML reads as part of the value."""
    for element in inspection.looks[0].facts["pasted"]:
        names = [name for name, value in element["attributes"].items() if CURLY.match(value)]
        if names:
            reason = (
                f"{', '.join(names)} of <{element['name']}> in curly quotes, which HTML takes for "
                "a part of the value"
            )
            cure = 'write straight ones ("), and paste the lines where HTML is edited, not text'
            yield Finding("quotes", reason, cure)
