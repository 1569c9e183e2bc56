"""Visits: one person at one door. Every page starts by finding out who, where and how to speak."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import current_app, g, request

from widget_backend import links
from widget_backend.context import Context
from widget_backend.errors import (
    LinkEnded,
    LinkRevoked,
    ProfileUnknown,
    RateLimited,
    SiteUnknown,
)
from widget_backend.i18n.languages import Language, language
from widget_backend.links import PATHS, REVOCABLE, UNSUBSCRIBING, Link, Purpose
from widget_backend.rate_limits import STRANGERS, network_of
from widget_backend.rules.state import State
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import PROMPT_RETURNS_AFTER_DAYS, Site
from widget_backend.store.ledger import Circumstances, Door, Shown
from widget_backend.store.profiles import Person, read_person, with_answers
from widget_backend.web.negotiation import choose_language
from widget_backend.web.origin_checks import guard
from widget_backend.web.templates import render_template
from widget_backend.web.urls import here, with_query


def current_context() -> Context:
    found: Context = current_app.extensions["preference-widget"]
    return found


@dataclass(frozen=True)
class Visit:
    """One request of one reader.

    `hosted` tells a page of ours from a fragment in somebody else's. `link` and `person` are None
    for strangers. `asked_language` is set when the address itself names the language. `is_preview`:
    an owner looks at the form, of nobody in particular.
    """

    context: Context
    site: Site
    language: Language
    hosted: bool
    purpose: Purpose | None = None
    token: str = ""
    link: Link | None = None
    found: Person | None = None
    asked_language: str | None = None
    is_preview: bool = False

    @property
    def person(self) -> Person:
        """The person that the link names. Raises ProfileUnknown for strangers."""
        if self.found is None:
            raise ProfileUnknown
        return self.found

    @property
    def state(self) -> State:
        return self.person.state

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.context.clock().timestamp())

    @property
    def today(self) -> date:
        return self.context.clock().date()

    @property
    def door(self) -> Door:
        return "hosted" if self.hosted else "widget"

    def how(self, shown: Shown, door: Door | None = None) -> Circumstances:
        at = None if self.is_revoked else links.mailed_at(self.purpose, self.link, self.now)
        return Circumstances(self.now, door or self.door, shown, mailed_at=at)

    @property
    def is_revoked(self) -> bool:
        """Whether the person's links were ended since this one was made, or its key was retired."""
        if self.link is None or self.purpose is None:
            return False
        if self.purpose in UNSUBSCRIBING:
            return self.context.signer.is_retired(self.purpose, self.token)
        ends = self.purpose in REVOCABLE or self.purpose == "data"
        return ends and self.link.link_version < self.person.generation

    @property
    def is_over(self) -> bool:
        """Whether the link opens nothing any more."""
        try:
            require_fresh(self)
        except LinkEnded:
            return True
        return False

    def read_again(self) -> Visit:
        """The same visit with what the store holds by now."""
        person = read_person(self.context.database, self.site.id, self.person.handle)
        return replace(self, found=person)

    def read_answers(self) -> Visit:
        return replace(self, found=with_answers(self.context.database, self.person))

    def address(self, **query: object) -> str:
        """This page again, in the language and with the view it was asked for.

        A preview has none: so its form can be sent nowhere.
        """
        if self.is_preview:
            return ""
        view = {"view": "questions"} if request.args.get("view") == "questions" else {}
        return with_query(self.path, {**self._lang, **view, **query})

    def onward(self, **query: object) -> str:
        """This page again, from inside the form."""
        return self.address(**query, **self._opened)

    def other_view(self, questions: bool) -> str:
        """The questions or the preferences behind the same embed link, from inside the form."""
        view = {"view": "questions"} if questions else {}
        return with_query(self.path, {**self._lang, **view, **self._opened})

    @property
    def _lang(self) -> dict[str, str]:
        return {"lang": self.asked_language} if self.asked_language else {}

    @property
    def _opened(self) -> dict[str, str]:
        """What a form and the links in it add, so that they work for as long as people read.

        Only where links live for minutes; whoever sees a form opened it, or one before it, in time.
        """
        proof = self._proof_of_opening
        return {"opened": proof} if proof else {}

    @property
    def is_led_on(self) -> bool:
        """Whether a form that was opened in time was sent here, or a link inside it led here."""
        shown, proof = request.args.get("opened", ""), self._proof_of_opening
        return proof is not None and hmac.compare_digest(shown.encode(), proof.encode())

    @property
    def _proof_of_opening(self) -> str | None:
        return self.context.signer.open_proof(self.token) if self.purpose == "embed" else None

    @property
    def grace(self) -> timedelta:
        """How long after its time the link still serves a form that was opened in time.

        A link that lives for minutes does so only for who proves it: who has but the link is late.
        """
        is_sent = request.method == "POST" and self.purpose != "embed"
        return GRACE if is_sent or self.is_led_on else timedelta()

    def sign_up_address(self) -> str:
        """Where strangers of this site begin, in the language that was asked for."""
        end = "" if self.hosted else "/fragment"
        return with_query(f"/s/{self.site.id}{end}", self._lang)

    @property
    def path(self) -> str:
        """Where this visit's page is.

        Of a fragment only the last step: a long token would come twice over a slow line.
        """
        if not self.hosted:
            return "fragment"
        return f"/{PATHS[self.purpose]}/{self.token}" if self.purpose else here()

    def render(self, template: str, **values: Any) -> str:
        known = {"visit": self, "site": self.site, **self._closing(), **values}
        return render_template(template, self.language, self.hosted, **known)

    def _closing(self) -> dict[str, Any]:
        # A preview that is closed as a prompt is there again the next time.
        until = self.today if self.is_preview else closed_until(self.site)
        return {} if self.hosted else {"closed_until": until}


def closed_until(site: Site | None) -> date:
    """The day until which a prompt of the widget stays closed when it is closed now."""
    days = site.prompt_returns_after_days if site else PROMPT_RETURNS_AFTER_DAYS
    return current_context().clock().date() + timedelta(days=days)


# ── opening a visit ─────────────────────────────────────────────────────────────────────────


def visit_by_link(purpose: Purpose, token: str, hosted: bool) -> Visit:
    """A visit by signed link, ended or not: that is for each page to say, since leaving never is.

    Raises LinkForged, LinkWrongPurpose, SiteUnknown, ProfileUnknown, OriginNotAllowed and
    CrossSitePost.
    """
    link = current_context().signer.read(purpose, token)
    # For refusals: the person may never become known.
    g.link_language, g.purpose, g.own_path = link.language, purpose, _own_path(purpose, token)
    guard(find_site(link.site).site, hosted)
    return open_visit(purpose, token, link, hosted)


def _own_path(purpose: Purpose, token: str) -> str:
    """The page of the link itself, from whichever page behind it."""
    return here() if _is_fragment() else f"/{PATHS[purpose]}/{token}"


def _is_fragment() -> bool:
    return request.path.endswith("/fragment")


def open_visit(purpose: Purpose, token: str, link: Link, hosted: bool = True) -> Visit:
    """The visit of the person that a link names. Raises SiteUnknown and ProfileUnknown."""
    site = find_site(link.site)
    person = read_person(current_context().database, link.site, link.handle)
    return _speaking(site, (link.language, person.state.language), hosted)(
        purpose=purpose, token=token, link=link, found=person
    )


def visit_by_site(site_id: str, hosted: bool) -> Visit:
    """A stranger's visit. Raises SiteUnknown, OriginNotAllowed, CrossSitePost."""
    site = find_site(site_id)
    guard(site.site, hosted)
    return _speaking(site, (), hosted)()


def find_site(site_id: str) -> SiteInLanguages:
    site = current_context().sites.get(site_id)
    if site is None:
        raise SiteUnknown
    g.site = site
    return site


def _speaking(
    site: SiteInLanguages, wishes: tuple[str | None, ...], hosted: bool
) -> Callable[..., Visit]:
    tag, asked = choose_language(site, wishes)
    g.language = language(tag)

    def visit(**known: Any) -> Visit:
        here = (current_context(), site.in_locale[tag], g.language, hosted)
        return Visit(*here, asked_language=asked, **known)

    return visit


# ── limits and ends ─────────────────────────────────────────────────────────────────────────


def count_stranger() -> None:
    """Raises RateLimited when very many come from one network without a link."""
    limits, now = current_context().limits, current_context().clock().timestamp()
    network = network_of(request.remote_addr)
    if not limits.allows(STRANGERS, network, now):
        raise RateLimited(limits.wait(STRANGERS, network, now) or 1)


GRACE = timedelta(days=1)
"""A form that was opened in time may still be saved, and leads on, for this long."""


def require_fresh(visit: Visit, grace: timedelta = timedelta()) -> None:
    """Raises LinkRevoked and LinkExpired; the latter when the link's time is over by `grace`."""
    if visit.is_revoked:
        raise LinkRevoked
    if visit.link:
        links.check_not_expired(visit.link, visit.context.clock() - grace)
