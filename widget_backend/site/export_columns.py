"""The columns of an export that are there whatever the site file declares."""

CONTACT_COLUMNS = ("email", "language", "status", "paused_until")
"""The columns of an export that stand before those of the topics."""

PERSON_COLUMNS = (
    "person", "email", "email_confirmed", "undeliverable", "undeliverable_at", "customer",
    "phone", "phone_confirmed", "phone_undeliverable_at", "post", "post_confirmed", "language",
    "roles", "status", "paused_until", "overall", "overall_at", "left_at", "spoke_at",
    "do_not_track", "do_not_track_at", "created_at",
)  # fmt: skip
"""All fields of an export that are not about a topic or question."""

CHANGE_COLUMNS = ("erased", "merged_into")
"""What an export of changes says of people who are no longer there."""
