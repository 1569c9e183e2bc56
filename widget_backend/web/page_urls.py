"""URLs of one reader's page, and of the pages that it leads to."""

from __future__ import annotations

from flask import request

from widget_backend.web.request_context import RequestContext
from widget_backend.web.urls import here, link_url, with_query


def page_path(ctx: RequestContext) -> str:
    """Where this page is.

    Of a fragment only the last step: a long token would come twice over a slow line.
    """
    if not ctx.hosted:
        return "fragment"
    return link_url(ctx.purpose, ctx.token) if ctx.purpose else here()


def page_url(ctx: RequestContext, **query: object) -> str:
    """This page again, in the language and with the view it was asked for.

    A preview has none: so its form can be sent nowhere.
    """
    if ctx.is_preview:
        return ""
    view = {"view": "questions"} if request.args.get("view") == "questions" else {}
    return with_query(page_path(ctx), {**_lang(ctx), **view, **query})


def form_url(ctx: RequestContext, **query: object) -> str:
    """This page again, from inside its form."""
    return page_url(ctx, **query, **_proof_query(ctx))


def other_view_url(ctx: RequestContext, questions: bool) -> str:
    """The questions or the preferences behind the same embed link, from inside the form."""
    view = {"view": "questions"} if questions else {}
    return with_query(page_path(ctx), {**_lang(ctx), **view, **_proof_query(ctx)})


def sign_up_url(ctx: RequestContext) -> str:
    """Where strangers of this site begin, in the language that was asked for."""
    end = "" if ctx.hosted else "/fragment"
    return with_query(f"/s/{ctx.site.id}{end}", _lang(ctx))


def result_url(ctx: RequestContext, revision: int, undo_token: str) -> str:
    """The page that tells of a save; with the token, whoever made it can take it back."""
    undo = {"undo": undo_token} if undo_token else {}
    return page_url(ctx, saved=revision, **undo)


def open_proof(ctx: RequestContext) -> str | None:
    """Proves that a form was opened in time: it then works for as long as people read.

    Only where links live for minutes.
    """
    return ctx.signer.open_proof(ctx.token) if ctx.purpose == "embed" else None


def _proof_query(ctx: RequestContext) -> dict[str, str]:
    proof = open_proof(ctx)
    return {"opened": proof} if proof else {}


def _lang(ctx: RequestContext) -> dict[str, str]:
    return {"lang": ctx.asked_language} if ctx.asked_language else {}
