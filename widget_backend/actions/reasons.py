"""Reasons for leaving: who has just left may tell one, and it is counted, not kept with them."""

from __future__ import annotations

from datetime import date

from widget_backend.actions.undo import UNDO_LASTS, has_undo_token
from widget_backend.context import Context
from widget_backend.rate_limits import REASONS_OF_A_SAVE
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
    """Count a reason for the leaving of this record, once for each save; see `may_tell_reason`.

    By site, topic (empty for everything) and month. An unknown reason is not counted.
    """
    save = f"{profile.handle}\n{record.revision}"
    if reason in REASONS and context.limits.allows(REASONS_OF_A_SAVE, save, context.now):
        (left, *_) = record.changes
        topic = "" if left.subject == OVERALL else left.name
        month = _today(context).isoformat()[: len("YYYY-MM")]
        count_reason(context.database, profile.site, topic, month, reason)


def _today(context: Context) -> date:
    return context.clock().date()
