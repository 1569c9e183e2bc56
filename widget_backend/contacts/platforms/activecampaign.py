"""ActiveCampaign: an export of contacts."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, comma_separated

PLATFORM = Platform(
    id="activecampaign",
    name="ActiveCampaign",
    source="a file that another product’s importer is tested with",
    address=("Email",),
    recognised_by=(("Email", "Status", "Date Created"),),
    statuses={
        "Status": {
            "active": "on",
            "unsubscribed": "off",
            "bounced": "undeliverable",
            "unconfirmed": "pending",
        }
    },
    tags=("Tags", comma_separated),
    evidence=("IP",),
)
