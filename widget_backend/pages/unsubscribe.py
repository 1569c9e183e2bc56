"""Leaving everything: one plain page, one tap, no JavaScript, never expired (S2.9)."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import StaleRevision
from widget_backend.pages.saving import changes_at, keep, leaves_all, seen_revision, undo
from widget_backend.pages.visits import Visit
from widget_backend.pages.words import overall_sentence
from widget_backend.rules.state import Overall, difference, reach_of
from widget_backend.rules.volume import current_overall
from widget_backend.store.ledger import Shown, shown

OFF: Overall = {"reach": "off", "until": None}


def shown_to(visit: Visit) -> Shown:
    """What this page says of the sender, in the visit's language, for the ledger."""
    site = visit.site
    texts = {"data_use": site.data_use, "privacy_policy": site.privacy_policy}
    return shown(site.id, visit.language.tag, texts)


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return submit(visit)
    return render(visit)


def render(visit: Visit, changed_meanwhile: bool = False) -> str:
    saved = _saved_revision(visit)
    return visit.render(
        "unsubscribe.html",
        errors=[],
        is_off=reach_of(visit.state) == "off",
        undo=saved if saved and leaves_all(changes_at(visit, saved)) else None,
        now_holds=None if saved is None else overall_sentence(visit.language, _overall(visit)),
        changed_meanwhile=changed_meanwhile,
    )


def _overall(visit: Visit) -> Overall:
    return current_overall(visit.state.get("overall"), visit.today)


def _saved_revision(visit: Visit) -> int | None:
    """The revision that was saved just now, if it is still the newest."""
    saved = request.args.get("saved", "")
    return visit.person.revision if saved == str(visit.person.revision) else None


def submit(visit: Visit) -> Response | tuple[str, int]:
    """Anything but undo leaves: a person who pressed a button here wants to."""
    try:
        if request.form.get("do") == "undo":
            return _undo(visit)
        keep(visit, difference(visit.state, {"overall": OFF}), shown_to(visit), "unsubscribe")
    except StaleRevision:
        return submit(visit.read_again())
    return redirect(visit.address(saved=visit.read_again().person.revision), 303)


def _undo(visit: Visit) -> Response | tuple[str, int]:
    """Take a leaving back, and nothing else: that is all this link is for."""
    revision = seen_revision(visit, request.form.get("revision"))
    left = leaves_all(changes_at(visit, revision))
    done = undo(visit, revision, shown_to(visit), "unsubscribe") if left else None
    return done or (render(visit, changed_meanwhile=True), 409)
