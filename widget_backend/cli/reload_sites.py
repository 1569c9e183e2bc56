"""What a process serves, read anew: its sites as they stand in their files, and our own words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import click
from peewee import Database, PeeweeException

from widget_backend.cli.files_of_settings import tell
from widget_backend.cli.removed_topics import UNSEEN, missed_topics
from widget_backend.cli.served_sites import load_sites
from widget_backend.config import Settings
from widget_backend.errors import DatabaseUnavailable, WidgetError
from widget_backend.i18n.languages import read_anew
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.sites import sites_with_people

KEPT = (
    "no site file has “{site}” any more. it is served as before until the next start. after that "
    "its mailed links lead nowhere, also those to unsubscribe. if it was renamed, give its id back."
)


@dataclass
class Served:
    """The sites that a process goes on with: those of the files, and those `kept` as they were,
    which no file has any more. A slip in an id must keep nobody from unsubscribing."""

    sites: list[SiteInLanguages]
    kept: list[SiteInLanguages] = field(default_factory=list)

    @property
    def all(self) -> list[SiteInLanguages]:
        return [*self.sites, *self.kept]


def is_mended(kept: Iterable[str], ids: Collection[str]) -> bool:
    """Whether files have an id again that was missing: what is missing now came by that slip."""
    return any(each in ids for each in kept)


def reload_sites(
    settings: Settings, served: Served, database: Database, replace: Callable[[Served], object]
) -> None:
    """Go on with the sites and our own words as they stand in their files now, or as before if one
    has a mistake."""
    try:
        sites = load_sites(may_sign=bool(settings.evidence_key))
        use_words = read_anew({tag for each in sites for tag in each.site.locales})
    except WidgetError as error:
        for line in str(error).splitlines():
            tell(settings, f"not reloaded, and the sites stay as they were: {line}", kind="")
        return
    ids = {each.id for each in sites}
    kept = [each for each in served.all if each.id not in ids]
    if kept and is_mended((each.id for each in served.kept), ids):
        kept = _with_people(kept, database)
    for each in kept:
        tell(settings, KEPT.format(site=each.id))
    served.sites, served.kept = sites, kept
    use_words()
    replace(served)
    click.echo(f"reloaded: {', '.join(each.id for each in sites)}")
    tell_missed_topics(settings, sites, database)


def tell_missed_topics(
    settings: Settings, sites: Iterable[SiteInLanguages], database: Database
) -> None:
    """In the log of a process that goes on, whatever the database answers."""
    try:
        with database.connection_context():
            for each in sites:
                for mistake in missed_topics(each.site, database):
                    tell(settings, str(mistake))
    except (DatabaseUnavailable, PeeweeException) as error:
        reason = error.text if isinstance(error, DatabaseUnavailable) else type(error).__name__
        tell(settings, f"{UNSEEN}: {reason}.")


def _with_people(sites: list[SiteInLanguages], database: Database) -> list[SiteInLanguages]:
    """Those that somebody belongs to; all of them while the database does not say."""
    try:
        with database.connection_context():
            ids = {*sites_with_people(database)}
    except (DatabaseUnavailable, PeeweeException):
        return sites
    return [each for each in sites if each.id in ids]
