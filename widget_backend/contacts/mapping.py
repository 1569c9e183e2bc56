"""The mapping: which tags and lists of a mail platform are which topics and roles here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from widget_backend.contacts.field_columns import read_fields
from widget_backend.errors import FileRefused
from widget_backend.site.model import ProfileField, Site
from widget_backend.site.toml import read_toml

if TYPE_CHECKING:
    from widget_backend.contacts.entry import Entry

MOST_NAMED = 5
"""Unknown tags that a message names; of the others it gives the number."""

TABLES = ("topics", "roles", "lists", "contacts", "fields")
_TABLES = f"{', '.join(f'[{name}]' for name in TABLES[:-1])} and [{TABLES[-1]}]"
NUMBERS = ("phone", "customer")
"""Keys of the table of contacts."""


@dataclass(frozen=True)
class TagMapping:
    """From tags to ids of topics and of roles, from operational lists to ids of topics, and from
    columns to fields.

    `contacts` names the columns of phone numbers and customer numbers, under `phone` and
    `customer`.
    """

    topics: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, ProfileField] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every tag and list that is known."""
        return (*self.topics, *self.roles, *self.lists)

    def topics_of(self, tags: Iterable[str]) -> list[str]:
        return [self.topics[tag] for tag in tags if tag in self.topics]

    def unknown(self, tags: Iterable[str]) -> list[str]:
        """The tags that have no effect."""
        return [tag for tag in tags if tag not in self.topics and tag not in self.roles]

    def tag_of_each_topic(self) -> dict[str, str]:
        """Read backwards: by the id of a topic its first tag, or else its first list.

        A list with the name of a tag is none, since it may be of another topic.
        """
        lists = ((name, topic) for name, topic in self.lists.items() if name not in self.topics)
        return {topic: name for name, topic in reversed((*self.topics.items(), *lists))}

    def roles_of(self, tags: Iterable[str]) -> list[str]:
        return [self.roles[tag] for tag in tags if tag in self.roles]


class UnknownTags:
    """How often each tag occurs that the mapping gives nothing for."""

    def __init__(self, mapping: TagMapping) -> None:
        self.counts: Counter[str] = Counter()
        self._mapping = mapping

    def counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, whose unknown tags are counted as they pass."""
        for entry in entries:
            self.counts.update(self._mapping.unknown(entry.tags))
            yield entry

    def __str__(self) -> str:
        most, total = self.counts.most_common(MOST_NAMED), len(self.counts)
        names = ", ".join(f"“{tag}” ({count:,})" for tag, count in most)
        more = f" and {total - MOST_NAMED:,} more" if total > MOST_NAMED else ""
        tags = f"{total:,} tags" if total > 1 else "1 tag"
        return f"{tags} had no effect: {names}{more}"


def read_mapping(path: Path, site: Site) -> TagMapping:
    """A mapping in TOML: tables `topics`, `roles`, `lists` and `fields`, with `"Name" = "id"`, and
    `contacts`.

    Raises FileRefused for the first entry that names something unknown.
    """
    data = read_toml(path)
    for name, table in data.items():
        if name not in TABLES or not isinstance(table, dict):
            reason = f"{name}: is not a known table"
            raise FileRefused(str(path), reason, f"known here: {_TABLES}")
    topics, roles, lists, contacts, fields = (data.get(name, {}) for name in TABLES)
    mapping = TagMapping(topics, roles, lists, contacts, read_fields(fields, site, str(path)))
    for key, column in mapping.contacts.items():
        if key not in NUMBERS or not isinstance(column, str) or not column.strip():
            reason = f"contacts.{key}: names no column of numbers"
            cure = 'write phone = "…" or customer = "…", with the name of a column'
            raise FileRefused(str(path), reason, cure)
    for table, names in (("topics", mapping.topics), ("lists", mapping.lists)):
        for name, topic in names.items():
            require_topic(site, topic, str(path), f"{table}.{name}")
    declared = [role.id for role in site.roles]
    for tag, role in mapping.roles.items():
        if role not in declared:
            choice = f"choose one of {', '.join(declared)}"
            cure = choice if declared else "declare it under [[roles]]"
            raise FileRefused(str(path), f"roles.{tag}: no role is called “{role}”", cure)
    return mapping


def require_topic(site: Site, name: object, file: str, where: str) -> None:
    """Raises FileRefused unless an import may subscribe people to this topic.

    The topic must be one of the site's and come by email: an import knows nothing but addresses.
    """
    topic = site.topic(name) if isinstance(name, str) else None
    by_email = [each.id for each in site.topics if "email" in each.channels]
    if topic is None:
        reason = f"{where}: no topic is called “{name}”"
    elif topic.id not in by_email:
        reason = (
            f"{where}: the topic “{name}” does not come by email, and an import knows nothing else"
        )
    else:
        return
    raise FileRefused(file, reason, f"choose one of {', '.join(by_email) or 'no topic at all'}")


def require_list(mapping: TagMapping, name: str, path: Path | None) -> None:
    """Raises FileRefused unless the mapping says which topic an operational list is."""
    if name not in mapping.lists:
        reason = f"--list {name}: no such list under [lists]"
        cure = f'name its topic in the file of --map: [lists] "{name}" = "…"'
        raise FileRefused(str(path or "--map"), reason, cure)
