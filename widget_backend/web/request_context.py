"""The request context: one request of one reader, as every page needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import Request as FlaskRequest
from flask import current_app, request
from peewee import Database
from werkzeug.datastructures import ImmutableMultiDict

from widget_backend import links
from widget_backend.actions.notify import Notifier
from widget_backend.context import Context
from widget_backend.errors import ProfileUnknown
from widget_backend.i18n.languages import Language
from widget_backend.links import REVOCABLE, UNSUBSCRIBING, Link, Purpose
from widget_backend.rules.state import State
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site
from widget_backend.store.ledger import ConsentContext, Door, Wording
from widget_backend.store.profiles import Profile, read_profile, with_answers

CONTEXT = "preference-widget.context"
"""In the environment of a request: the context that it began with. Another one may replace that of
the application meanwhile, and no request sees both."""


def current_context() -> Context:
    """What the application had when this request began."""
    in_app: Context = current_app.extensions["preference-widget"]
    context: Context = request.environ.setdefault(CONTEXT, in_app)
    return context


@dataclass(frozen=True)
class RequestContext:
    """Who asks, at which door, and in which language they are answered.

    `hosted` tells a page of ours from a fragment in somebody else's page. `link` and `reader` are
    None for strangers. `site` speaks `language`. `asked_language` is set when the address itself
    names a language. `is_preview`: an owner looks at the form of nobody in particular.
    """

    context: Context
    site: Site
    language: Language
    hosted: bool
    purpose: Purpose | None = None
    token: str = ""
    link: Link | None = None
    reader: Profile | None = None
    asked_language: str | None = None
    is_preview: bool = False

    @property
    def database(self) -> Database:
        return self.context.database

    @property
    def signer(self) -> Signer:
        return self.context.signer

    @property
    def notifier(self) -> Notifier:
        """The site as it writes to this reader."""
        return Notifier(self.context, self.site, self.language)

    @property
    def profile(self) -> Profile:
        """The person that the link names. Raises ProfileUnknown for strangers."""
        if self.reader is None:
            raise ProfileUnknown
        return self.reader

    @property
    def state(self) -> State:
        return self.profile.state

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return self.context.now

    @property
    def today(self) -> date:
        return self.context.clock().date()

    @property
    def sends_mail(self) -> bool:
        """Whether letters leave now. Otherwise they wait, and no page may say that one was sent."""
        return self.context.sends_mail

    @property
    def door(self) -> Door:
        return "hosted" if self.hosted else "widget"

    @property
    def kept_language(self) -> str | None:
        """The language for a page that leads away from this link, which may have chosen it.

        For strangers the one that the address names, if it names one: their browser chooses else.
        """
        return self.asked_language or (self.language.tag if self.link else None)

    def consent(self, wording: Wording, door: Door | None = None) -> ConsentContext:
        """When, where and in view of which wording something is chosen by this request."""
        is_valid = not self.is_revoked
        mailed_at = links.mailed_at(self.purpose, self.link, self.now) if is_valid else None
        return ConsentContext(self.now, door or self.door, wording, mailed_at=mailed_at)

    @property
    def is_revoked(self) -> bool:
        """Whether the person's links were ended since this one was made, or its key was retired."""
        if self.link is None or self.purpose is None:
            return False
        if self.purpose in UNSUBSCRIBING:
            return self.signer.is_retired(self.purpose, self.token)
        may_be_revoked = self.purpose in REVOCABLE or self.purpose == "data"
        return may_be_revoked and self.link.link_version < self.profile.link_version

    def with_profile(self, profile: Profile) -> RequestContext:
        """The same request of a profile that was saved or read meanwhile."""
        return replace(self, reader=profile)

    def read_again(self) -> RequestContext:
        """The same request with what the store holds by now."""
        return self.with_profile(read_profile(self.database, self.site.id, self.profile.handle))

    def read_answers(self) -> RequestContext:
        return self.with_profile(with_answers(self.database, self.profile))


# ── what is known before a request is opened ────────────────────────────────────────────────


@dataclass
class RequestFacts:
    """Filled in while a request is opened; all of it may still be missing.

    `link_language` is the language in which the link was sent, `link_url` the path of the link's
    own page, `allowed_origin` the page that may read the answer.
    """

    site: SiteInLanguages | None = None
    language: Language | None = None
    purpose: Purpose | None = None
    link_language: str | None = None
    link_url: str | None = None
    allowed_origin: str | None = None


class Sent(ImmutableMultiDict):  # type: ignore[type-arg]
    """What a query or a form says."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override] # noqa: A002
        # werkzeug makes an error page of each name that is missing, to throw it away.
        return super().get(key, default, type) if key in self else default


class Request(FlaskRequest):
    """A request with the facts that are known of it."""

    parameter_storage_class = Sent

    @cached_property
    def facts(self) -> RequestFacts:
        return RequestFacts()


def facts() -> RequestFacts:
    """The facts of the request that is being answered."""
    known: RequestFacts = request.facts  # type: ignore[attr-defined]
    return known


def reader_language() -> Language:
    """The language of whoever is answered, once it was chosen."""
    language = facts().language
    assert language is not None, "open the request first"
    return language


def is_fragment() -> bool:
    """Whether the answer is for the widget in somebody else's page."""
    return request.blueprint == "fragments"
