"""The files that the settings name, read together: all that is wrong with them is told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from widget_backend.config import Settings, SettingsInvalid
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.jobs.schedule import Task, evidence_task, tasks_of
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key


class Files(NamedTuple):
    """The sites, and the key that signs checkpoints with the file that they go to, if any are."""

    sites: list[SiteInLanguages]
    key: EvidenceKey | None
    checkpoints: CheckpointFile | None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is done every so often for these sites."""
        sites = [each.site for each in self.sites]
        tasks = tasks_of(sites)
        if self.key and self.checkpoints:
            return (*tasks, evidence_task(sites, self.checkpoints.path, self.key))
        return tasks


def files_of(settings: Settings) -> Files:
    """Raises SettingsInvalid with all that is wrong."""
    mistakes: list[WidgetError] = []
    sites: list[SiteInLanguages] = []
    signing: tuple[EvidenceKey | None, CheckpointFile | None] = (None, None)
    for path in settings.sites:
        with noted(mistakes):
            sites.append(load_site(path))
    with noted(mistakes):
        signing = _signing(settings)
    if not mistakes:
        with noted(mistakes):
            _require_different_ids(sites)
            _require_key_for_letters(sites, signing[0])
    if mistakes:
        raise SettingsInvalid(mistakes)
    return Files(sites, *signing)


@contextmanager
def noted(mistakes: list[WidgetError]) -> Iterator[None]:
    """What is wrong with one file is told together with the others."""
    try:
        yield
    except WidgetError as error:
        mistakes.append(error)


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


def _require_key_for_letters(sites: list[SiteInLanguages], key: EvidenceKey | None) -> None:
    """Raises SettingInvalid if a site wants checkpoints mailed, and none are signed."""
    promised = [each.id for each in sites if (own := each.site.evidence) and own.checkpoints_to]
    if promised and key is None:
        reason = f"is not set, but “{promised[0]}” has its checkpoints mailed (checkpoints_to)"
        cure = "set it and WIDGET_CHECKPOINTS, or take that key out of the site file"
        raise SettingInvalid("WIDGET_EVIDENCE_KEY", reason, cure)


def _require_different_ids(sites: list[SiteInLanguages]) -> None:
    """Raises SettingInvalid if two files declare one site, or if there is none."""
    repeated = [name for name, count in Counter(site.id for site in sites).items() if count > 1]
    if repeated or not sites:
        reason = f"two files declare the site “{repeated[0]}”" if repeated else "names no file"
        raise SettingInvalid("WIDGET_SITES", reason, "name each site's file once")
