"""Tags and lists of a mail platform: which of them is which topic or role here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from widget_backend.errors import FileRefused
from widget_backend.site.model import Site
from widget_backend.site.toml import read_toml


@dataclass(frozen=True)
class TagMap:
    """From tags to ids of topics and of roles, and from operational lists to ids of topics."""

    topics: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)

    def topics_of(self, tags: Iterable[str]) -> list[str]:
        return [self.topics[tag] for tag in tags if tag in self.topics]

    def unknown(self, tags: Iterable[str]) -> list[str]:
        """The tags that give nothing."""
        return [tag for tag in tags if tag not in self.topics and tag not in self.roles]

    def roles_of(self, tags: Iterable[str]) -> list[str]:
        return [self.roles[tag] for tag in tags if tag in self.roles]


def read_tag_map(path: Path, site: Site) -> TagMap:
    """A map of tags: TOML with the tables `topics`, `roles` and `lists`, `"Name" = "id"` in each.

    Raises FileRefused for the first thing in it that cannot be carried out.
    """
    data = read_toml(path)
    for name, table in data.items():
        if name not in {"topics", "roles", "lists"} or not isinstance(table, dict):
            reason = f"{name}: is not a known table"
            raise FileRefused(str(path), reason, "known here: [topics], [roles] and [lists]")
    tags = TagMap(data.get("topics", {}), data.get("roles", {}), data.get("lists", {}))
    for table, names in (("topics", tags.topics), ("lists", tags.lists)):
        for name, topic in names.items():
            require_topic(site, topic, str(path), f"{table}.{name}")
    for tag, role in tags.roles.items():
        _require_role(site, role, str(path), f"roles.{tag}")
    return tags


def require_topic(site: Site, name: object, file: str, where: str) -> None:
    """Raises FileRefused unless an import may subscribe people to this topic.

    It must be one of the site's and come by email, which is all that an import knows of people.
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


def require_list(tags: TagMap, name: str, path: Path | None) -> None:
    """Raises FileRefused unless the map says which topic an operational list is."""
    if name not in tags.lists:
        reason = f"--list {name}: no such list under [lists]"
        cure = f'name its topic in the file of --map: [lists] "{name}" = "…"'
        raise FileRefused(str(path or "--map"), reason, cure)


def _require_role(site: Site, name: object, file: str, where: str) -> None:
    roles = [role.id for role in site.roles]
    if name not in roles:
        known = f"choose one of {', '.join(roles)}" if roles else "declare it under [[roles]]"
        raise FileRefused(file, f"{where}: no role is called “{name}”", known)
