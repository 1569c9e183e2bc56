"""Confirming a sign-up: one plain page, one tap, no JavaScript; opening it changes nothing.

Mail scanners open links and run scripts, so only a press of the button subscribes (double opt-in).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from widget_backend.links import Link
from widget_backend.pages.wordings import confirming, with_footer
from widget_backend.rate_limits import is_just_now
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Shown, records
from widget_backend.store.profiles import Person
from widget_backend.store.sign_ups import confirm
from widget_backend.web.visits import Visit, require_fresh


def respond(visit: Visit) -> Response | str:
    if not _is_confirmed(visit):
        require_fresh(visit)  # a link that is over says that nobody is subscribed yet
    return _confirm(visit.read_answers()) if request.method == "POST" else _render(visit)


def _is_confirmed(visit: Visit) -> bool:
    return not visit.person.pending or visit.person.became is not None


def _was_just_confirmed(visit: Visit) -> bool:
    """Whether this is one more press of the button that confirmed it."""
    said = records(visit.context.database, visit.person.ledger_key)
    times = [each.at for each in said if each.door == "confirmation"]
    return any(is_just_now(at, visit.now) for at in times)


def _topics(visit: Visit) -> list[Topic]:
    return [each for each in visit.site.topics if visit.state.is_subscribed(each.id)]


def _render(visit: Visit) -> str:
    return visit.render(
        "confirm.html",
        errors=[],
        topics=_topics(visit),
        is_confirmed=_is_confirmed(visit),
    )


def _confirm(visit: Visit) -> Response | str:
    """On to the person's own choices, which say what they get from now on.

    Only once, or twice in the same minute: a link that lies in a mailbox for days is no way into
    choices that were made since.
    """
    if _is_confirmed(visit) and not _was_just_confirmed(visit):
        return _render(visit)
    how = visit.how(_shown_to(visit), "confirmation")
    person = confirm(visit.context.database, visit.person, how, visit.context.signer.addresses)
    return redirect(_choices_of(visit, person), 303)


def _choices_of(visit: Visit, person: Person) -> str:
    said = Link(person.site, person.handle, visit.language.tag, link_version=person.generation)
    token = visit.context.signer.mint("preferences", said, visit.context.clock())
    lang = visit.asked_language
    return url_for("pages.preferences_page", token=token, confirmed=1, lang=lang)


def _shown_to(visit: Visit) -> Shown:
    topics = {f"topics.{each.id}": f"{each.name} {each.benefit}" for each in _topics(visit)}
    return with_footer(visit, {**confirming(visit.language), **topics})
