"""The files that the settings name, read together: all that is wrong with them is told at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

import click

from widget_backend.cli.served_sites import load_sites, noted
from widget_backend.config import Settings, SettingsInvalid
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.i18n.languages import language
from widget_backend.jobs.schedule import Sites, Task, evidence_task, suppression_task, tasks_of
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key
from widget_backend.store.suppression_file import SuppressionFile

log = logging.getLogger(__name__)


class Files(NamedTuple):
    """The sites, the key that signs checkpoints with the file that they go to, if any are, and the
    file of suppressions if there is one."""

    sites: list[SiteInLanguages]
    key: EvidenceKey | None
    checkpoints: CheckpointFile | None
    suppressions: SuppressionFile | None

    def tasks(self, sites: Sites) -> tuple[Task, ...]:
        """What is done every so often for the sites that are served by then."""
        tasks = tasks_of(sites)
        if self.key and self.checkpoints:
            tasks = (*tasks, evidence_task(sites, self.checkpoints.path, self.key))
        if self.suppressions:
            tasks = (*tasks, suppression_task(self.suppressions))
        return tasks


def files_of(settings: Settings) -> Files:
    """Raises SettingsInvalid with all that is wrong."""
    mistakes: list[WidgetError] = []
    sites: list[SiteInLanguages] = []
    signing: tuple[EvidenceKey | None, CheckpointFile | None] = (None, None)
    with noted(mistakes):
        sites = load_sites(may_sign=bool(settings.evidence_key))
    for tag in {tag for each in sites for tag in each.site.locales}:
        with noted(mistakes):
            language(tag)
    with noted(mistakes):
        signing = _signing(settings)
    if mistakes:
        raise SettingsInvalid(mistakes)
    suppressions = SuppressionFile(settings.suppressions) if settings.suppressions else None
    return Files(sites, *signing, suppressions)


def _signing(settings: Settings) -> tuple[EvidenceKey | None, CheckpointFile | None]:
    """The key and the file of checkpoints, if the settings name both. Raises SettingInvalid for
    half of them."""
    if not settings.evidence_key and not settings.checkpoints:
        return None, None
    key = read_evidence_key(settings.evidence_key)
    if settings.checkpoints is None:
        reason = "is not set, but the key that signs is"
        raise SettingInvalid("WIDGET_CHECKPOINTS", reason, "name a file, or set neither")
    return key, CheckpointFile(settings.checkpoints, key.public)


GONE = (
    "no site file has “{site}” any more. it is served as before until the next start. after that "
    "its mailed links lead nowhere, also those to unsubscribe. if it was renamed, give its id back."
)


def reload_sites(
    settings: Settings,
    served: list[SiteInLanguages],
    replace: Callable[[list[SiteInLanguages]], object],
) -> None:
    """Go on with the sites as they stand in their files now, or as before if one has a mistake.

    One that is `served` and in no file any more goes on as it was: a slip in an id must keep nobody
    from unsubscribing.
    """
    try:
        sites = load_sites(may_sign=bool(settings.evidence_key))
    except WidgetError as error:
        for line in str(error).splitlines():
            tell(settings, f"not reloaded, and the sites stay as they were: {line}", kind="")
        return
    ids = {each.id for each in sites}
    gone = [each for each in served if each.id not in ids]
    for each in gone:
        tell(settings, GONE.format(site=each.id))
    served[:] = [*sites, *gone]
    replace(served)
    click.echo(f"reloaded: {', '.join(each.id for each in sites)}")


def tell(settings: Settings, text: str, kind: str = "warning: ") -> None:
    """On stderr, where the log is: a program that reads JSON there reads nothing else."""
    if settings.log_format == "json":
        log.warning("%s", text)
    else:
        click.echo(f"{kind}{text}", err=True)
