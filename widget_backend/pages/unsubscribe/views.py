"""Leaving: one plain page, one tap, no JavaScript, never expired (S2.3, S2.9).

A link from a campaign's message leaves its topic, and offers to leave everything; a link from
anywhere else leaves everything.
"""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import StaleRevision
from widget_backend.pages import wordings
from widget_backend.pages.notices import changes_told
from widget_backend.pages.saving import (
    can_undo,
    has_receipt,
    keep,
    receipt,
    record_of,
    seen_revision,
    told_at,
    undo,
)
from widget_backend.rules.unsubscribing import only_unsubscribes, unsubscribe
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Door, Record, Shown
from widget_backend.web.visits import Visit, require_fresh


def shown_to(visit: Visit) -> Shown:
    """What the button was pressed on: this page, or the one that an ended link shows."""
    if visit.purpose == "unsubscribe":
        texts = wordings.unsubscribing(visit.language, _topic(visit))
    else:
        texts = wordings.unsubscribing_with_an_ended_link(visit.language)
    return wordings.with_footer(visit, texts)


def _topic(visit: Visit) -> Topic | None:
    """What the link's message was about, if the site still has it: else nobody could say it."""
    return visit.site.topic(visit.link.topic or "") if visit.link else None


def _topic_id(visit: Visit) -> str | None:
    topic = _topic(visit)
    return topic.id if topic else None


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return submit(visit)
    return render(visit)


def render(
    visit: Visit, saved: int | None = None, given: str | None = None, not_undone: bool = False
) -> str:
    """`saved` is the revision that was made just now, where the address does not say it.

    `given` is the receipt for it.
    """
    saved, given = (saved, given) if saved else (_saved_revision(visit), request.args.get("undo"))
    made = record_of(visit, saved) if saved else None
    only_left = _only_left(visit, made)
    topic = _topic(visit)
    return visit.render(
        "unsubscribe.html",
        errors=[],
        topic=topic,
        is_off=visit.state.reach == "off",
        topic_is_left=topic is not None and not unsubscribe(visit.site, visit.state, topic.id),
        undo=saved if saved and only_left and _is_theirs(visit, made, given) else None,
        receipt=given,
        # After an undo, what comes again.
        now_holds=changes_told(visit, made.changes) if made and not only_left else [],
        not_undone=not_undone,
    )


def _only_left(visit: Visit, made: Record | None) -> bool:
    """Whether a save did nothing but leave what this link leaves."""
    return made is not None and only_unsubscribes(made.changes, _topic_id(visit), visit.today)


def _is_theirs(visit: Visit, made: Record | None, shown: str | None) -> bool:
    """Whether who holds this receipt may take the save back."""
    return made is not None and has_receipt(visit, made.revision, shown) and can_undo(visit, made)


def _saved_revision(visit: Visit) -> int | None:
    """The revision that was saved just now, if it is still the newest."""
    saved = request.args.get("saved", "")
    return visit.person.revision if saved == str(visit.person.revision) else None


def submit(visit: Visit) -> Response | str | tuple[str, int]:
    """Anything but undo leaves: a person who pressed a button here wants to."""
    try:
        if request.form.get("do") == "undo":
            return _undo(visit)
        keep_left(visit, None if request.form.get("do") == "off" else _topic_id(visit))
    except StaleRevision:
        return submit(visit.read_again())
    return _tell(visit)


def _tell(visit: Visit) -> Response | str:
    """On to what holds now; at once where the link would not open it any more."""
    visit = visit.read_again()
    revision = visit.person.revision
    given = receipt(visit, revision)
    if visit.is_over:
        return render(visit, revision, given)
    return redirect(told_at(visit, revision, given), 303)


def keep_left(
    visit: Visit, topic: str | None, door: Door = "unsubscribe", shown: Shown | None = None
) -> None:
    """Leave the topic, or everything where it is None. Raises StaleRevision."""
    keep(visit, unsubscribe(visit.site, visit.state, topic), shown or shown_to(visit), door)


def _undo(visit: Visit) -> Response | str | tuple[str, int]:
    """Take a leaving back, and nothing else: that is all this link is for."""
    made = record_of(visit, seen_revision(visit, request.form.get("revision")) or 0)
    is_theirs = _is_theirs(visit, made, request.form.get("receipt"))
    if not is_theirs or not _only_left(visit, made):
        require_fresh(visit, visit.grace)  # a link that is over tells nothing
        return render(visit, not_undone=True), 409
    undo(visit, made, shown_to(visit), "unsubscribe")
    return _tell(visit)
