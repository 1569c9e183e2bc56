"""listmonk: an export of subscribers, which does not say who is on which list."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, WrittenFile, as_json, in_json

PLATFORM = Platform(
    id="listmonk",
    name="listmonk",
    source="cmd/subscribers.go of knadh/listmonk 911e0b77",
    # Its own exports have `uuid`, too; the files that are written for it have not.
    recognised_by=(("email", "attributes", "status"),),
    # Disabled by the owner, whatever the person chose: that is no known yes, and no known no.
    statuses={"status": {"enabled": "on", "disabled": "never asked", "blocklisted": "off"}},
    tags=("attributes", in_json),
    written=WrittenFile(
        # It loads a file as subscribers or onto its blocklist, and passes over the column `status`,
        # which tells which kind of file it is, if it comes back.
        statuses={
            "subscribed": {"status": "enabled"},
            "unsubscribed": {"status": "blocklisted"},
            "undeliverable": {"status": "blocklisted"},
        },
        join_tags=as_json,
        source="internal/subimporter/importer.go of knadh/listmonk 007f4de8",
        one_status=True,
    ),
)
