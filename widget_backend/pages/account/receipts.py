"""Receipts: what a person chose in one record, to keep, with the proof that it was not changed.

Modelled on ISO/IEC TS 27560 in the profile of the Data Privacy Vocabulary, whose terms it uses
(https://w3id.org/dpv). It also says what was refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import Response, abort, json

from widget_backend.pages.blueprints import Page, hosted
from widget_backend.rules.basis import Ground
from widget_backend.rules.consent_status import Saved, TopicStatus, statuses
from widget_backend.rules.merkle import inclusion_spans
from widget_backend.rules.state import OVERALL
from widget_backend.site.evidence import Evidence
from widget_backend.site.model import Site, Topic
from widget_backend.store.ledger import Record
from widget_backend.store.personal_data import all_records, wordings
from widget_backend.store.seals import StoredRecord, stored_record, tree_of
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.consents import Consent, basis_sentence, consents_by_topic
from widget_backend.web.headers import PERSONAL
from widget_backend.web.labels import channel_name, door_name
from widget_backend.web.request_context import RequestContext

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
STATUSES = {
    "given": "dpv:ConsentGiven",
    "implied": "dpv:ConsentUnknown",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
}
Json = dict[str, Any]
RECORDED_LATER = {"import", "delivery", "letter", "staff"}
"""Doors of records that are later than what they tell."""
CONTROLLER, AUTHORITY = "controller", "authority"


def has_receipt(site: Site, record: Record) -> bool:
    """Whether a record is about what somebody wants to get, at a site that gives receipts."""
    changed = (change.kind == "topic" or change.subject == OVERALL for change in record.changes)
    return site.evidence is not None and any(changed)


@hosted.get("/d/<token>/receipt/<int:number>")
def receipt(token: str, number: int) -> Page:
    ctx = open_by_link("data", token)
    check_not_expired(ctx)
    records = all_records(ctx.database, ctx.profile)
    place = next((at for at, each in enumerate(records) if each.id == number), None)
    if place is None or not has_receipt(ctx.site, records[place]):
        abort(404)
    stored = stored_record(ctx.database, number)
    content = {
        "about": "Modelled on ISO/IEC TS 27560 in the profile of the Data Privacy Vocabulary.",
        "receipt": _receipt(ctx, records[: place + 1], stored),
        "notices": wordings(ctx.database, [records[place].wording]),
        "proof": _proof(ctx, stored),
    }
    answer = Response(json.dumps(content, indent=2), mimetype="application/json")
    name = f"{ctx.site.id}-receipt-{number}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers.update(PERSONAL)
    return answer


# ── what was chosen ─────────────────────────────────────────────────────────────────────────


def _receipt(ctx: RequestContext, records: Sequence[Record], stored: StoredRecord) -> Json:
    """Of the last of these records, which are given oldest first."""
    site, newest = ctx.site, records[-1]
    assert site.evidence is not None  # or there are no receipts
    offered = _offered(ctx, newest.wording)
    known = statuses([Saved(each.at, each.door, each.changes) for each in records], offered)
    agreed = consents_by_topic(site, records)
    name = f"{site.url}/{stored.record.digest}"
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentRecord",
        "dpv:hasIdentifier": str(uuid5(NAMESPACE_URL, name)),
        "dpv:hasDataSubject": {"dpv:hasIdentifier": stored.record.profile_key},
        "dct:created": _time(newest.at),
        "dct:creator": CONTROLLER,
        "dct:language": newest.language,
        "dpv:hasEntity": _entities(site, site.evidence),
        "dpv:hasProcess": [
            {
                **_process(site, site.evidence, newest),
                "dpv:hasProcess": [
                    _topic(ctx, topic, known[topic.id], agreed.get(topic.id))
                    for topic in site.topics
                    if topic.id in known
                ],
            }
        ],
    }


def _offered(ctx: RequestContext, wording: str) -> set[str]:
    """The topics that the person had before them, as far as the wording says: it also has those
    that only people with other roles see."""
    texts = wordings(ctx.database, [wording]).get(wording, {"texts": {}})["texts"]
    roles = {*ctx.profile.roles}
    return {
        topic.id
        for topic in ctx.site.topics
        if f"topics.{topic.id}" in texts and (not topic.roles or roles & {*topic.roles})
    }


def _entities(site: Site, evidence: Evidence) -> dict[str, dict[str, str]]:
    """Who takes part, by the names that the rest of the receipt gives them."""
    controller = {
        "@type": "dpv:DataController",
        "dpv:hasName": site.name,
        "dpv:hasAddress": site.legal_address,
        "dpv:hasContact": evidence.contact,
    }
    recipients = {
        f"recipient-{number}": {"@type": "dpv:Recipient", "dpv:hasName": name}
        for number, name in enumerate(evidence.recipients, start=1)
    }
    authority = {"@type": "dpv:DataProtectionAuthority", "dpv:hasName": evidence.authority}
    return {
        CONTROLLER: controller,
        **recipients,
        **({AUTHORITY: authority} if evidence.authority else {}),
    }


def _process(site: Site, evidence: Evidence, record: Record) -> Json:
    """What holds for every topic."""
    count = len(evidence.recipients)
    storage = {
        "dpv:hasDuration": evidence.storage_duration,
        "dpv:hasLocation": evidence.storage_location,
    }
    return {
        "@type": "dpv:Process",
        "dpv:hasDataController": [CONTROLLER],
        "dpv:hasLegalBasis": ["dpv:Consent"],
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Use"],
        "dpv:hasRecipient": [f"recipient-{number}" for number in range(1, count + 1)],
        "dpv:hasStorageCondition": [storage],
        "dpv:hasNotice": [{"dpv:hasIdentifier": record.wording}],
        "dpv:hasConsentControl": [
            {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": f"{site.url}/s/{site.id}"}
        ],
    }


def _topic(ctx: RequestContext, topic: Topic, known: TopicStatus, agreed: Consent | None) -> Json:
    """One purpose, which can be chosen and withdrawn alone."""
    purpose = {
        "@id": topic.id,
        "skos:broader": f"dpv:{topic.dpv_purpose}",
        "skos:prefLabel": topic.name,
    }
    status = {
        "@type": STATUSES[known.status],
        **_indicated(ctx, known, agreed),
        **_note(ctx, known.ground),
    }
    implied = {"dpv:hasLegalBasis": ["dpv:ImpliedConsent"]} if known.status == "implied" else {}
    return {
        "@type": "dpv:Process",
        **implied,
        "dpv:hasPurpose": [purpose],
        "dpv:hasPersonalData": [channel_name(ctx.language, each) for each in topic.channels],
        "dpv:hasDataSource": ["dpv:DataSubject"],
        "dpv:hasConsentStatus": [status],
    }


def _indicated(ctx: RequestContext, known: TopicStatus, agreed: Consent | None) -> Json:
    """When and where it was said. What was said before it was recorded has the day that pages tell,
    if it is a yes. Where nobody knows, and of such a no, only the record has a time."""
    is_dated = known.status == "implied" and known.ground.at is not None
    door, when = known.door, None
    if is_dated or door not in RECORDED_LATER:
        when = _time(known.at)
    elif known.status == "given" and agreed:
        door, when = agreed.door, agreed.day.isoformat() if agreed.day else None
    time = {"dpv:isIndicatedAtTime": when} if when else {}
    return {**time, "dpv:isExercisedAt": door_name(ctx.language, door)}


def _note(ctx: RequestContext, ground: Ground) -> Json:
    """What somebody did who was not simply asked and agreed, in words."""
    if ground.basis is None:
        return {}
    day = None if ground.at is None else ctx.site.local_day(ground.at)
    return {"skos:note": str(basis_sentence(ctx.language, ground.basis, day).striptags())}


# ── that it was not changed ─────────────────────────────────────────────────────────────────


def _proof(ctx: RequestContext, stored: StoredRecord) -> Json:
    """The record as the ledger has it, and the way from its leaf to a signed root.

    `inclusion` is None until the next checkpoint, or where none are signed.
    """
    return {
        "record": stored.record._asdict(),
        "salt": stored.salt,
        "changes": stored.changes,
        "evidence": stored.evidence,
        "inclusion": _inclusion(ctx, stored.leaf),
    }


def _inclusion(ctx: RequestContext, leaf: int | None) -> Json | None:
    checkpoints = ctx.context.checkpoints
    newest = checkpoints.newest(ctx.site.id) if checkpoints else None
    if checkpoints is None or newest is None or leaf is None or leaf >= newest.size:
        return None
    spans = inclusion_spans(leaf, newest.size)
    path = tree_of(ctx.database, ctx.site.id, newest.size, spans).proof(spans)
    return {
        "leaf": leaf,
        "size": newest.size,
        "path": [node.hex() for node in path],
        "checkpoint": json.loads(newest.line),
        "public_key": checkpoints.key.text,
    }


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
