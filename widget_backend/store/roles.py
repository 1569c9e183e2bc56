"""Roles: what people are to a site. The site gives them, so there is no consent record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peewee import Database

from widget_backend.store.changes import note_changes
from widget_backend.store.models import Role
from widget_backend.store.prepared import PreparedInsert

_ADD = PreparedInsert(Role, (Role.profile, Role.role, Role.position))


def add_roles(database: Database, roles: Mapping[int, Sequence[str]]) -> None:
    """Store the roles of people who have none stored yet, by id of the profile."""
    rows = [
        (profile, role, position)
        for profile, theirs in roles.items()
        for position, role in enumerate(theirs)
    ]
    _ADD.run(database, rows)


def give_roles(database: Database, profile: int, roles: Sequence[str]) -> None:
    """Replace the roles of somebody who is in exports."""
    Role.delete().where(Role.profile == profile).execute(database)
    add_roles(database, {profile: roles})
    note_changes(database, [profile])
