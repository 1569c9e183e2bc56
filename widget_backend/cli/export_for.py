"""`export --for`: a file that can be loaded into a mail platform as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.contacts.csv_output import output_file
from widget_backend.contacts.export_fields import all_fields, parts_of
from widget_backend.contacts.exports import write_people
from widget_backend.contacts.mapping import TagMapping, read_mapping
from widget_backend.contacts.platform import Status
from widget_backend.contacts.platform_output import (
    STATUSES,
    WRITTEN,
    ForPlatform,
    PlatformOutput,
    lawful_at,
    require_fitting_cells,
    require_readable_tags,
)
from widget_backend.rules.topics import first_preference
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.consent_of import held_bases
from widget_backend.store.contacts import count_contacts

NO_GUARD = (
    "No cell is guarded against formulas, since the platform would read the guard: open the file "
    "in a spreadsheet only if you trust whoever wrote the names in it."
)


def export_for(
    site_file: Path, out: Path, platform: str, mapping_file: Path | None, want: Status | None
) -> None:
    """Write the people of a site for a platform. Raises click's UsageError, FileRefused."""
    site = load_site(site_file).site
    tags = _tags(site, mapping_file)
    moment = now()
    fields = all_fields(site, moment)
    usual = {topic.id: first_preference(topic)["frequency"] for topic in site.topics}
    is_lawful = lawful_at(site, int(moment.timestamp()))
    rows = ForPlatform(WRITTEN[platform], tags, usual, fields["status"].value, is_lawful)
    if rows.written.one_status and want is None:
        cure = f"say which with --status {' or '.join(STATUSES)}"
        raise click.UsageError(f"a file for {rows.platform.name} has one status: {cure}")
    map_name = str(mapping_file or site_file)
    require_readable_tags(rows, map_name)
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        needed = [fields[topic.id] for topic in site.topics]
        if held_bases(database, site.id):  # which depend on where people are
            needed += [fields[f"field:{each.id}"] for each in site.fields if each.gives]
        if want in {None, "subscribed"}:  # nobody else has tags in the file
            require_fitting_cells(database, site, rows, map_name, parts_of(needed))
        inputs = [each for each in (site_file, mapping_file) if each]
        text = stack.enter_context(output_file(out, *inputs))
        output = PlatformOutput(text, rows, [want] if want else STATUSES)
        bar = stack.enter_context(progress_bar(count_contacts(database, site.id), "Writing", out))
        write_people(database, site, needed, output, bar.update)
    for line in (*_warnings(site, tags, mapping_file, output), _summary(site, rows, output)):
        click.echo(line, err=True)
    click.echo(NO_GUARD, err=True)


def _tags(site: Site, mapping_file: Path | None) -> dict[str, str]:
    """The tag of each topic that comes by email, none for the only one of a site.

    Raises click's UsageError where the platform could not tell who wants what.
    """
    mapping = read_mapping(mapping_file, site) if mapping_file else TagMapping()
    tags = mapping.tag_of_each_topic()
    by_email = [topic.id for topic in site.topics if "email" in topic.channels]
    if len(by_email) == 1:
        return {by_email[0]: tags.get(by_email[0], "")}
    if not tags:
        reason = f"{site.id} has {len(by_email):,} topics by email"
        cure = 'name the tag of each with --map, as [topics] "Tag" = "topic"'
        raise click.UsageError(f"{reason}, and nothing says which is which there: {cure}")
    return {topic: tags[topic] for topic in by_email if topic in tags}


def _warnings(
    site: Site, tags: dict[str, str], mapping_file: Path | None, output: PlatformOutput
) -> Iterator[str]:
    untold = [each.id for each in site.topics if "email" in each.channels and each.id not in tags]
    if untold:
        names = ", ".join(f"“{topic}”" for topic in untold)
        reason = f"{mapping_file} has no tag for {names}"
        yield f"warning: {reason}. Whoever wants nothing else is written as unsubscribed."
    if output.blocked:
        one = "1 person who gets other topics by email is"
        many = f"{output.blocked:,} people who get other topics by email are"
        reason = f"{one if output.blocked == 1 else many} unsubscribed in the file"
        cure = (
            "If the platform sends those topics too, it would send these people nothing any more: "
            "name the tags of all topics that it sends in the map"
        )
        yield f"warning: {reason}. {cure}."
    if output.too_often:
        reason = "subscribed people want a topic less often than it usually comes"
        cure = "The platform does not know that; `export` tells who they are"
        yield f"warning: some {reason} ({output.too_often:,}). {cure}."
    if output.not_asked:
        reason = "subscribed people were not simply asked"
        cure = "If this list comes back in a file, import them with --basis"
        yield f"warning: some {reason} ({output.not_asked:,}). {cure}; `export` tells who they are."


def _summary(site: Site, rows: ForPlatform, output: PlatformOutput) -> str:
    """How many are in the file, and how many are not."""
    written = _counts(Counter({str(status): count for status, count in output.counts.items()}))
    reasons = f" (of whom {_counts(output.reasons)})" if output.reasons else ""
    left_out = f"; not in the file {_counts(output.left_out)}" if output.left_out else ""
    return f"{site.id} for {rows.platform.name}: {written or 'nobody'}{reasons}{left_out}."


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
