"""Downloads: everything that is held about a person, as JSON (GDPR 15 and 20)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from flask import Response, json

from widget_backend.pages.blueprints import Page, hosted
from widget_backend.store.current_contexts import contexts_of
from widget_backend.store.deliveries import Delivery, deliveries_to
from widget_backend.store.field_values import Known, values_of
from widget_backend.store.ledger import Record
from widget_backend.store.personal_data import (
    all_records,
    email_of,
    known_since,
    other_details,
    unconfirmed_sign_ups,
    wanted_address,
    wordings,
)
from widget_backend.store.requests import KeptRequest, requests_of
from widget_backend.store.reservations import Reservation, places_of
from widget_backend.store.staff_uses import Use, uses_of
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.headers import PERSONAL
from widget_backend.web.request_context import RequestContext


@hosted.get("/d/<token>/download")
def download(token: str) -> Page:
    ctx = open_by_link("data", token)
    check_not_expired(ctx)
    content = _content(ctx.read_answers())
    answer = Response(json.dumps(content, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{ctx.site.id}.json"'
    answer.headers.update(PERSONAL)
    return answer


def _content(ctx: RequestContext) -> dict[str, Any]:
    """`records` name their wording, whose texts stand under `wordings`."""
    database, profile = ctx.database, ctx.profile
    records = all_records(database, profile)
    unconfirmed = unconfirmed_sign_ups(database, profile)
    named = [each.wording for each in chain(records, *unconfirmed)]
    email, others = email_of(database, profile), other_details(database, profile)
    return {
        "site": ctx.site.id,
        "known_since": _time(known_since(database, profile)),
        "roles": profile.roles,
        "state": ctx.state,
        "email": {
            "written": email.written,
            "undeliverable_at": _time(email.undeliverable_at),
            "reached_at": _time(email.reached_at),
        },
        "customer_number": others["customer"].value if "customer" in others else None,
        "came_back": {
            each.kind: _time(each.undeliverable_at)
            for each in others.values()
            if each.undeliverable_at is not None
        },
        "wants_to_move_to": wanted_address(database, profile, ctx.now),
        "fields": [_field(*each) for each in values_of(database, [profile.id])],
        "contexts": [
            {"context": kind, "until": _time(until)}
            for kind, until in contexts_of(database, profile.id, ctx.now)
        ],
        "reservations": [_place(each) for each in places_of(database, profile.id)],
        "deliveries": [_delivery(each) for each in deliveries_to(database, profile.id)],
        "requests": [_request(each) for each in requests_of(database, profile.id)],
        "done_by_our_staff": [_use(each) for each in uses_of(database, profile)],
        "records": [_as_json(each) for each in records],
        "unconfirmed_sign_ups": [[_as_json(each) for each in some] for some in unconfirmed],
        "wordings": wordings(database, named),
    }


def _field(_: int, name: str, known: Known) -> dict[str, object]:
    """Of several values of a field the last one counts."""
    return {
        "field": name,
        "value": known.value,
        "source": known.source,
        "at": _time(known.at),
        "run": known.run,
    }


def _place(place: Reservation) -> dict[str, object]:
    """A message that is about to go, or was to go."""
    return {
        "campaign": place.campaign,
        "topic": place.topic,
        "channel": place.channel,
        "sender": place.sender,
        "at": _time(place.at),
        "until": _time(place.until),
        "sent": bool(place.confirmed),
    }


def _delivery(delivery: Delivery) -> dict[str, object]:
    message = delivery.message
    return {
        "sent_at": _time(message.sent_at),
        "campaign": message.campaign,
        "topic": delivery.topic,
        "channel": message.channel,
        "outcome": delivery.outcome,
    }


def _request(request: KeptRequest) -> dict[str, object]:
    """What they asked our staff for."""
    return {
        "asked_for": request.kind,
        "by": request.door,
        "received_at": _time(request.received_at),
        "due_at": _time(request.due_at),
        "done_at": _time(request.done_at),
    }


def _use(use: Use) -> dict[str, object]:
    """Without who it was: that is about somebody else."""
    return {"what": use.what, "at": _time(use.at)}


def _as_json(record: Record) -> dict[str, object]:
    """`undoes` is the revision that was taken back by the undo button."""
    return {
        "at": _time(record.at),
        "door": record.door,
        "language": record.language,
        "revision": record.revision,
        "wording": record.wording,
        "undoes": record.undoes,
        "evidence": record.evidence,
        "changes": [asdict(each) for each in record.changes],
    }


def _time(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
