"""The owner's page: the snippet to paste, and the form as it will look, in frames of our own.

Public, and about nobody. A preview asks a route of its own, whose form has no action: what is
pressed or typed in it is sent nowhere, so that no owner signs anybody up by trying.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from flask import Response, make_response, request
from werkzeug.exceptions import MethodNotAllowed

from widget_backend.embed import snippets
from widget_backend.embed.snippets import MODES, VIEWS, Choice, Mode, View
from widget_backend.i18n.languages import Language, own_name
from widget_backend.pages.blueprints import GET_AND_POST, Page, fragments, hosted
from widget_backend.pages.preferences import rendering
from widget_backend.pages.questions import views as questions
from widget_backend.pages.subscribe import views as sign_up
from widget_backend.rules.questions import Planner
from widget_backend.rules.state import EMAIL, State, topic_subject
from widget_backend.rules.topics import first_preference
from widget_backend.site.model import Site
from widget_backend.store.profiles import Profile
from widget_backend.web.access import open_by_site
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PREVIEW_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""As strict as an owner's page may be."""

PREVIEWED = f"<any({', '.join(map(repr, VIEWS))}):view>"

Scheme = Literal["light", "dark"]
Width = Literal["narrow", "wide"]


@dataclass(frozen=True)
class Preview:
    """One frame. `measures`: the height of its form is what to reserve."""

    title: str
    src: str
    width: Width
    mode: Mode
    measures: bool


# ── the page ────────────────────────────────────────────────────────────────────────────────


@hosted.get("/s/<site_id>/snippet")
def snippet_page(site_id: str) -> Page:
    ctx = open_by_site(site_id)
    choice, site = _choice(ctx), ctx.site
    served = ctx.context.sites[site.id]
    chosen_site = served.in_locale[choice.language]
    page = render_page(
        ctx,
        "snippet/snippet.html",
        choice=choice,
        listed=[each for each in site.origins if each not in served.lent_origins],
        lent=served.lent_origins,
        head=snippets.head_lines(chosen_site, choice),
        element=snippets.element(chosen_site, choice),
        account=snippets.ACCOUNT,
        pinned=snippets.script_line(site.url, pinned=True),
        room=snippets.height_rule(),
        policy=snippets.csp_directives(site),
        frame=snippets.frame(chosen_site, choice),
        frame_policy=snippets.frame_csp_directive(site),
        previews=list(_previews(ctx, choice)),
        views=view_names(ctx.language, ctx.site),
        modes={mode: mode_name(ctx.language, mode) for mode in MODES},
        tags_and_names=[(tag, own_name(tag)) for tag in site.locales],
    )
    return _with_policy(page, POLICY)


def _choice(ctx: RequestContext) -> Choice:
    """What the address asks for; anything that there is not counts as not asked for."""
    asked = request.args
    tag = asked.get("language", "")
    mode, view = asked.get("mode"), asked.get("view")
    return Choice(
        tag if tag in ctx.site.locales else ctx.language.tag,
        mode if mode in MODES else "inline",
        view if view in view_names(ctx.language, ctx.site) else "sign-up",
        asked.get("version") == "pinned",
    )


def view_names(language: Language, site: Site) -> dict[View, str]:
    """The forms that there are for this site, in this language."""
    pgettext = language.pgettext
    names: dict[View, str] = {
        "sign-up": pgettext("whom a form is for", "anyone: sign up"),
        "preferences": pgettext("whom a form is for", "your subscribers: what they get"),
        "questions": pgettext("whom a form is for", "your subscribers: short questions"),
    }
    return {view: names[view] for view in VIEWS if view != "questions" or site.stages}


def mode_name(language: Language, mode: Mode) -> str:
    names: dict[Mode, str] = {
        "inline": language.pgettext("how a form is shown", "in the page"),
        "dialog": language.pgettext("how a form is shown", "in a dialog behind a link"),
        "prompt": language.pgettext("how a form is shown", "as a small card"),
    }
    return names[mode]


# ── the previews ────────────────────────────────────────────────────────────────────────────


def _previews(ctx: RequestContext, choice: Choice) -> Iterator[Preview]:
    """As chosen, then the other languages and the other ways beside it."""
    yield _preview(ctx, choice, "narrow", "light", measures=True)
    yield _preview(ctx, choice, "wide", "light", measures=True)
    yield _preview(ctx, choice, "narrow", "dark")
    for tag in ctx.site.locales:
        if tag != choice.language:
            yield _preview(ctx, replace(choice, language=tag))
    for mode in MODES:
        if mode != choice.mode:
            yield _preview(ctx, replace(choice, mode=mode))


def _preview(
    ctx: RequestContext,
    choice: Choice,
    width: Width = "narrow",
    scheme: Scheme = "light",
    measures: bool = False,
) -> Preview:
    query = urlencode({"lang": choice.language, "mode": choice.mode, "scheme": scheme})
    src = f"/s/{ctx.site.id}/preview/{choice.view}?{query}"
    title = _title(ctx.language, choice, width, scheme)
    return Preview(title, src, width, choice.mode, measures and choice.mode == "inline")


def _title(language: Language, choice: Choice, width: Width, scheme: Scheme) -> str:
    pgettext = language.pgettext
    widths = {"narrow": pgettext("a window", "phone"), "wide": pgettext("a window", "wide window")}
    schemes = {"light": pgettext("colours", "light"), "dark": pgettext("colours", "dark")}
    parts = [own_name(choice.language), mode_name(language, choice.mode)]
    return pgettext("between items of a list", ", ").join([*parts, widths[width], schemes[scheme]])


@hosted.get(f"/s/<site_id>/preview/{PREVIEWED}")
def preview_page(site_id: str, view: View) -> Page:
    """A page like an owner's, for a frame on the owner's page and nowhere else."""
    ctx = open_by_site(site_id)
    asked = request.args
    mode = asked.get("mode") if asked.get("mode") in MODES else "inline"
    page = render_page(
        ctx,
        "snippet/preview.html",
        view=view,
        mode=mode,
        scheme="dark" if asked.get("scheme") == "dark" else "light",
        link=snippets.link_text(ctx.site, Choice(ctx.language.tag, view=view)),
    )
    return _with_policy(page, PREVIEW_POLICY)


@fragments.route(f"/s/<site_id>/preview/{PREVIEWED}/fragment", methods=GET_AND_POST)
def preview_form(site_id: str, view: View) -> Page:
    """The form as the real routes show it at first, of nobody and without an action."""
    if request.method == "POST":
        raise MethodNotAllowed(["GET", "HEAD"])
    ctx = replace(open_by_site(site_id), is_preview=True)
    if view == "sign-up":
        return sign_up.render(ctx)
    ctx = ctx.with_profile(_somebody(ctx.site))
    if view == "questions":
        planner = Planner(ctx.site, ctx.state, is_confirmed=True, now=ctx.now)
        return questions.render(ctx, planner.next_step())
    return rendering.render(ctx)


def _somebody(site: Site) -> Profile:
    """Nobody who is stored: every role, so that no real form is longer, and the first topic."""
    first = site.topics[0]
    state = State({EMAIL: "name@example.com", topic_subject(first.id): first_preference(first)})
    roles = tuple(role.id for role in site.roles)
    return Profile(
        id=0,
        site=site.id,
        handle="",
        ledger_key="",
        pending=False,
        revision=0,
        roles=roles,
        state=state,
    )


def _with_policy(page: str, policy: str) -> Response:
    response = make_response(page)
    response.headers["Content-Security-Policy"] = policy
    return response
