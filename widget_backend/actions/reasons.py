"""Reasons for leaving: who has just left may tell one, and it is counted, not kept with them."""

from __future__ import annotations

from datetime import date

from widget_backend.actions.undo import UNDO_LASTS, has_undo_token
from widget_backend.context import Context
from widget_backend.rate_limits import REASONS_OF_ONE
from widget_backend.rules.state import OVERALL
from widget_backend.rules.unsubscribing import REASONS, only_unsubscribes
from widget_backend.store.ledger import Record
from widget_backend.store.profiles import Profile
from widget_backend.store.reasons import count_reason


def may_tell_reason(
    context: Context, profile: Profile, record: Record | None, topic: str | None, token: str | None
) -> bool:
    """Whether this save is the newest and only left, and its undo token says who made it.

    For as long as it can be undone: a day. Mail gets forwarded: the link alone counts nothing.
    """
    return (
        record is not None
        and record.revision == profile.revision
        and context.now <= record.at + UNDO_LASTS
        and only_unsubscribes(record.changes, topic, _today(context))
        and has_undo_token(context, profile, record.revision, token)
    )


def tell_reason(context: Context, profile: Profile, record: Record, reason: str) -> None:
    """Count a reason for the leaving of this record; see `may_tell_reason`.

    By site, topic (empty for everything) and the month of now. Once a day for each person and
    topic, as far as this server remembers. An unknown reason is not counted. Raises
    DatabaseUnavailable: then the reason may be told again.
    """
    (left, *_) = record.changes
    topic = "" if left.subject == OVERALL else left.name
    who, now = f"{profile.handle}\n{topic}", context.now
    if reason not in REASONS or not context.limits.allows(REASONS_OF_ONE, who, now):
        return
    month = _today(context).isoformat()[: len("YYYY-MM")]
    try:
        count_reason(context.database, profile.site, topic, month, reason)
    except Exception:
        context.limits.give_back(REASONS_OF_ONE, who, now)
        raise


def _today(context: Context) -> date:
    return context.clock().date()
