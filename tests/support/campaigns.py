"""Campaigns of Kutia, and links from their messages."""

from __future__ import annotations

from tests.support.worlds import KUTIA, World, declaring
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.site.sending import Campaign, Segment
from widget_backend.store.profiles import Profile

CHOICES = Segment("by-email", "You chose to get offers by email.")
ANSWERS = Segment("movers", "You told us that you have moved.", ("answers",))
SALE = Campaign("2027-03_upload_v2", "offers", "Our spring sale begins.", "by-email")
SECRET = Campaign("movers-v3", "offers", "Ideas for a new home.", "movers")
SITE = declaring(KUTIA, segments=(CHOICES, ANSWERS), campaigns=(SALE, SECRET))


def link(world: World, person: Profile, purpose: Purpose, campaign: Campaign | None = SALE) -> str:
    name, topic = (campaign.id, campaign.topic) if campaign else (None, None)
    said = Link("kutia", person.handle, campaign=name, topic=topic)
    return f"/{PATHS[purpose]}/{world.signer.mint(purpose, said, world.clock())}"
