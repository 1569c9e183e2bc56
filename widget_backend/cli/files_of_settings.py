"""The settings and what they name, read together: all that is wrong is told at once."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import click

from widget_backend.cli.served_sites import SITES, load_sites, noted
from widget_backend.config import Settings, SettingsInvalid, settings_and_mistakes
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.i18n.languages import language
from widget_backend.jobs.schedule import Sites, Task, evidence_task, suppression_task, tasks_of
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.database import open_database
from widget_backend.store.evidence_key import NAME as EVIDENCE_KEY
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key
from widget_backend.store.suppression_file import SuppressionFile
from widget_backend.web.metrics import SETTING as METRICS_KEY
from widget_backend.web.metrics import prometheus

CHECKPOINTS = "WIDGET_CHECKPOINTS"

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


@contextmanager
def told_together() -> Iterator[list[WidgetError]]:
    """What the block puts into the list is raised at its end, as SettingsInvalid."""
    mistakes: list[WidgetError] = []
    yield mistakes
    if mistakes:
        raise SettingsInvalid(mistakes)


def read_all(may_lack: Collection[str] = ()) -> tuple[Settings, Files]:
    """As `read_noting`. Raises SettingsInvalid with all that is wrong."""
    with told_together() as mistakes:
        settings, files = read_noting(mistakes, may_lack)
    return settings, files


def read_noting(
    mistakes: list[WidgetError], may_lack: Collection[str] = ()
) -> tuple[Settings, Files]:
    """The settings, the files that they name, and whether the libraries are there that they need.
    Nothing is written, and the database not asked.

    Adds to the mistakes all that is wrong; what they concern is empty. Those that it `may_lack` are
    not read.
    """
    settings, wrong = settings_and_mistakes(may_lack=may_lack)
    mistakes += wrong
    names = {each.name.removesuffix("_FILE") for each in wrong}
    if settings.database_url:
        with noted(mistakes):
            open_database(settings.database_url)
    if settings.metrics_key or METRICS_KEY in names:
        with noted(mistakes):
            prometheus()
    return settings, _files_of(settings, names, mistakes)


def _files_of(settings: Settings, wrong: Collection[str], mistakes: list[WidgetError]) -> Files:
    """Those of settings that are not `wrong` themselves. Adds to the mistakes."""
    sites: list[SiteInLanguages] = []
    signing: tuple[EvidenceKey | None, CheckpointFile | None] = (None, None)
    if SITES not in wrong:
        with noted(mistakes):
            # A key that cannot be read is told already, and not that there is none.
            sites = load_sites(may_sign=bool(settings.evidence_key) or EVIDENCE_KEY in wrong)
    for tag in {tag for each in sites for tag in each.site.locales}:
        with noted(mistakes):
            language(tag)
    if not {EVIDENCE_KEY, CHECKPOINTS} & {*wrong}:
        with noted(mistakes):
            signing = _signing(settings)
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
        raise SettingInvalid(CHECKPOINTS, reason, "name a file, or set neither")
    return key, CheckpointFile(settings.checkpoints, key.public)


def tell(settings: Settings, text: str, kind: str = "warning: ") -> None:
    """On stderr, where the log is: a program that reads JSON there reads nothing else."""
    if settings.log_format == "json":
        log.warning("%s", text)
    else:
        click.echo(f"{kind}{text}", err=True)
