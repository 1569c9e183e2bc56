"""Our own export: what `export` writes, of this server or of another one."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, comma_separated

PLATFORM = Platform(
    id="own-export",
    name="an export of this software",
    source="contacts/export_fields.py",
    phone=("phone",),
    customer=("customer",),
    recognised_by=(("email", "language", "status", "paused_until"),),
    statuses={
        "status": {
            "subscribed": "on",
            "less": "on",
            "paused": "on",
            "unsubscribed": "off",
            "undeliverable": "undeliverable",
        }
    },
    without_status="subscribed",
    tags=("roles", comma_separated),
    is_ours=True,
)
