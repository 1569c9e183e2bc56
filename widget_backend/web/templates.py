"""Pages from templates: an environment for each language, and in it for pages and for fragments."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import request, url_for
from jinja2 import FunctionLoader
from markupsafe import Markup

from widget_backend.i18n.compiled_templates import TranslatedEnvironment
from widget_backend.i18n.languages import Language, bdi, own_name
from widget_backend.site.model import PROMPT_RETURNS_AFTER_DAYS, Site
from widget_backend.text import masked, sentence_start
from widget_backend.web.access import has_open_proof
from widget_backend.web.asset_files import logo_asset, shared_asset, theme_asset
from widget_backend.web.headers import AT_SIGN
from widget_backend.web.labels import channel_name, frequency_name, rhythm
from widget_backend.web.privacy_signal import privacy_note
from widget_backend.web.request_context import RequestContext, current_context
from widget_backend.web.service_sentences import no_messages, nothing_for_now, service_note
from widget_backend.web.urls import (
    asks_for_language_only,
    form_url,
    here,
    other_view_url,
    page_path,
    page_url,
    query_in_language,
    sign_up_url,
)

TEMPLATES = Path(__file__).parents[1] / "templates"


def render_page(ctx: RequestContext, template: str, **values: Any) -> str:
    """What this template makes of the values, in the reader's language."""
    known: dict[str, Any] = {"ctx": ctx, "site": ctx.site, "errors": [], **values}
    if not ctx.hosted:
        # A preview that is closed as a prompt is there again the next time.
        known["closed_until"] = ctx.today if ctx.is_preview else closed_until(ctx.site)
    return render_template(template, ctx.language, ctx.hosted, **known)


def closed_until(site: Site | None) -> date:
    """The day until which a prompt of the widget stays closed when it is closed now."""
    days = site.prompt_returns_after_days if site else PROMPT_RETURNS_AFTER_DAYS
    return current_context().clock().date() + timedelta(days=days)


def render_template(name: str, language: Language, hosted: bool, **values: Any) -> str:
    """The page or fragment that this template makes of these values, in this language."""
    template = environment(language, hosted).get_template(name)
    # Here and not in the finished answer, whose bytes would all be counted again.
    return template.render(values, language=language).replace("@", AT_SIGN)


@lru_cache(maxsize=256)
def environment(language: Language, hosted: bool) -> TranslatedEnvironment:
    """The templates in one language, as hosted pages or as fragments, compiled when first used.

    A catalog that is read anew is another `Language`, and gets an environment of its own.
    """
    constants = {
        "hosted": hosted,
        "layout": "page.html" if hosted else "fragment.html",
        "h": 1 if hosted else 2,  # the level of the first heading
    }
    templates = TranslatedEnvironment(
        language.translations, constants, loader=FunctionLoader(_source), cache_size=-1
    )
    templates.filters.update(bdi=bdi, masked=masked, drawing=Markup, sentence_start=sentence_start)
    templates.globals.update(
        request=request,
        url_for=url_for,
        shared_asset=shared_asset,
        theme_asset=theme_asset,
        logo_asset=logo_asset,
        channel_name=channel_name,
        frequency_name=frequency_name,
        rhythm=rhythm,
        no_messages=no_messages,
        nothing_for_now=nothing_for_now,
        service_note=service_note,
        privacy_note=privacy_note,
        own_name=own_name,
        here=here,
        query_in_language=query_in_language,
        asks_for_language_only=asks_for_language_only,
        page_url=page_url,
        page_path=page_path,
        form_url=form_url,
        other_view_url=other_view_url,
        sign_up_url=sign_up_url,
        has_open_proof=has_open_proof,
    )
    return templates


def _source(name: str) -> tuple[str, str, None] | None:
    return _sources().get(name)


@cache
def _sources() -> dict[str, tuple[str, str, None]]:
    """Text and file of each template, all read at once: an error page must not need a file."""
    files = TEMPLATES.glob("**/*.html")
    return {
        file.relative_to(TEMPLATES).as_posix(): (file.read_text("utf-8"), str(file), None)
        for file in files
    }
