"""What addresses and forms say of a save."""

from __future__ import annotations

import re

from widget_backend.web.request_context import RequestContext


def revision_in(text: str | None) -> int | None:
    """The revision that an address or a form names; None for anything else."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def seen_revision(ctx: RequestContext, text: str | None) -> int | None:
    """The revision that a form was made of; None where it names none that there has been."""
    revision = revision_in(text)
    return None if revision is None or revision > ctx.profile.revision else revision
