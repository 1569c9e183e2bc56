"""Ids that a site file has lost while others came: what people said is kept under the old ones."""

from __future__ import annotations

from collections.abc import Iterator

from widget_backend.errors import Mistake
from widget_backend.site.model import Site

KEPT_UNDER_IDS = {
    "topics": "what people chose is kept under the id of a topic",
    "questions": "what people answered is kept under the id of a question",
    "roles": "who has a role is kept under its id",
    "fields": "what is known of people is kept under the id of a field",
}


def renamed(before: Site, now: Site) -> Iterator[Mistake]:
    """What may have been renamed by its id since `before`. What is only gone was taken out."""
    if now.id != before.id:
        reason = f"was “{before.id}” before: people, and the links in their mail, are kept under it"
        yield Mistake(str(now.file), "id", reason, "give it back, unless nobody has signed up yet")
    for key, reason in KEPT_UNDER_IDS.items():
        old, new = ({each.id: None for each in getattr(site, key)} for site in (before, now))
        gone = ", ".join(each for each in old if each not in new)
        added = ", ".join(each for each in new if each not in old)
        if gone and added:
            about = f"no longer there: {gone}. new: {added}. {reason}"
            cure = "where only the name was to change, give the id back"
            yield Mistake(str(now.file), key, about, cure)
