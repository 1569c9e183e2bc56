"""What the file of an audience looks like, by the options of the command."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.actions.may_send import Question
from widget_backend.cli.contact_options import now
from widget_backend.cli.export_options import named_fields
from widget_backend.contacts.audience_file import PLAIN, Shape
from widget_backend.contacts.export_fields import all_fields
from widget_backend.contacts.mapping import TagMapping, read_mapping
from widget_backend.contacts.platform_output import WRITTEN
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.site.model import Site


def shape_of(
    site: Site,
    question: Question,
    names: str | None,
    platform: str | None,
    mapping_file: Path | None,
) -> Shape:
    """Raises click's UsageError and BadParameter, FileRefused."""
    message = question.message
    if mapping_file and not platform:
        raise click.UsageError("--map belongs to --for: name the platform")
    if platform and message.channel != "email":
        raise click.UsageError(f"a file for {platform} is for email: leave out --for")
    known = all_fields(site, now())
    fields = named_fields(known, names) if names else []
    address = known[CONTACT_FOR.get(message.channel, "email")]
    there_anyhow = {address.name, *(() if platform else PLAIN)}
    fields = [each for each in fields if each.name not in there_anyhow]
    mapping = read_mapping(mapping_file, site) if mapping_file else TagMapping()
    tag = mapping.tag_of_each_topic().get(message.topic or "", "")
    return Shape(address, fields, WRITTEN[platform] if platform else None, tag)
