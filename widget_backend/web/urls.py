"""URLs: of the page that was asked for, and of pages beside it.

The path arrives decoded, with whatever signs a stranger put into it. Written back as it is,
`/\\host` would lead browsers to another host (WHATWG URL, 4.4: a `\\` counts as `/`) and a line
break would end a header. So each step of it is quoted anew, and an empty one is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for

from widget_backend.links import PATHS, Purpose
from widget_backend.web.request_context import RequestContext


def here() -> str:
    """The path that was asked for, quoted: of this host, whatever stands in it."""
    return "/" + "/".join(quote(step, safe="") for step in request.path.split("/") if step)


def as_asked() -> str:
    """The page that was asked for, with all that its address asks."""
    query = request.query_string.decode("ascii")
    return f"{here()}?{query}" if query else here()


def query_in_language(tag: str) -> str:
    """The query that asks for the same page in another language, wherever that page is."""
    return with_query("", {**request.args.to_dict(), "lang": tag})


def asks_for_language_only() -> bool:
    """Whether the address asks for nothing but, perhaps, a language."""
    return request.args.keys() <= {"lang"}


def page_of_the_fragment() -> str:
    """The page that shows by itself what was asked for as a fragment."""
    endpoint = str(request.endpoint).replace("fragments.", "hosted.")
    return with_query(url_for(endpoint, **(request.view_args or {})), request.args.to_dict())


def same_page(lang: str | None, **query: Any) -> str:
    """The page that was asked for, in the language that its address named."""
    return url_for(str(request.endpoint), **(request.view_args or {}), lang=lang, **query)


def with_query(path: str, query: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def link_url(purpose: Purpose, token: str) -> str:
    """The page of a link, from whichever page behind it."""
    return f"/{PATHS[purpose]}/{token}"


# ── of one reader's page ────────────────────────────────────────────────────────────────────


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
    """Where strangers of this site begin, in the language of this page."""
    end = "" if ctx.hosted else "/fragment"
    query = {"lang": ctx.kept_language} if ctx.kept_language else {}
    return with_query(f"/s/{ctx.site.id}{end}", query)


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
