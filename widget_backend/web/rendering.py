"""Rendering: a page of ours, or a fragment with the same content, for one reader."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from widget_backend.site.model import PROMPT_RETURNS_AFTER_DAYS, Site
from widget_backend.web.request_context import RequestContext, current_context
from widget_backend.web.templates import render_template


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
