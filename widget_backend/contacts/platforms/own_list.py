"""A list of one's own: addresses, and perhaps a status column with words in common use."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, Words, comma_separated, flag

WORDS: Words = {
    "subscribed": "on",
    "active": "on",
    "unsubscribed": "off",
    "cleaned": "undeliverable",
    "bounced": "undeliverable",
    "pending": "pending",
    "unconfirmed": "pending",
    "nonsubscribed": "never asked",
    "non-subscribed": "never asked",
    "never_subscribed": "never asked",
    "transactional": "never asked",
    # Archived by the owner, whatever the person chose: that is no known yes.
    "archived": "never asked",
}

PLATFORM = Platform(
    id="list",
    name="a list of your own",
    source="what people keep in spreadsheets",
    address=("Email Address", "email"),
    statuses={
        "Status": WORDS,
        "Member Status": WORDS,
        "MEMBER_STATUS": WORDS,
        "Subscription Status": WORDS,
        "Accepts Email Marketing": flag(yes="on", no="never asked"),  # Shopify
    },
    without_status="subscribed",
    left_by=("LAST_CHANGED",),
    tags=("TAGS", comma_separated),
)
