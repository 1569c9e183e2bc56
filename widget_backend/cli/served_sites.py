"""The sites that the backend serves, as a command reads them from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from widget_backend.calling import calling
from widget_backend.config import SettingsInvalid, read_setting
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.setting_values import paths
from widget_backend.site.load import SiteInLanguages, changed_meanwhile, load_site
from widget_backend.site.stamp import stamp

SITES = "WIDGET_SITES"
UNSERVED = "people of “{site}” are in the database, and no site file here has that id"
UNSERVED_CURE = (
    "their mailed links lead nowhere here, also those to unsubscribe. if it was renamed, give its "
    "id back"
)
SAME_ID_CURE = "give the newer one an id of its own, or move it away"


def served_sites() -> list[SiteInLanguages]:
    """The sites of WIDGET_SITES. Raises SettingInvalid and SiteFileInvalid."""
    return [load_site(file) for file in site_files()]


def load_sites(may_sign: bool) -> list[SiteInLanguages]:
    """The same, as they can be served together: all of them, or SettingsInvalid with all mistakes.

    `may_sign`: checkpoints are signed, so that a site may have them mailed.
    """
    mistakes: list[WidgetError] = []
    sites: list[SiteInLanguages] = []
    for file in site_files():
        with noted(mistakes):
            sites.append(_load_whole(file))
    if not mistakes:
        mistakes += _clashes(sites)
        with noted(mistakes):
            _require_key_for_letters(sites, may_sign)
    if mistakes:
        raise SettingsInvalid(mistakes)
    return sites


@contextmanager
def noted(mistakes: list[WidgetError]) -> Iterator[None]:
    """What is wrong with one file is told together with the others."""
    try:
        yield
    except WidgetError as error:
        mistakes.append(error)


def site_files() -> Iterator[Path]:
    """Each file that is named, or that is in a folder that is named. Raises SettingInvalid."""
    for path in paths(SITES, read_setting(SITES)):
        if not path.is_dir():
            yield path
            continue
        files = [path / "SITE.toml"]
        files = files if files[0].exists() else sorted(path.glob("*/SITE.toml"))
        if not files:
            reason = f"neither {path} nor a folder in it has a SITE.toml"
            raise SettingInvalid(SITES, reason, f"make one with {calling('init')}")
        yield from files


def _load_whole(file: Path) -> SiteInLanguages:
    """Raises FileRefused for files that somebody is writing."""
    before = stamp(file)
    site = load_site(file)
    if stamp(file) != before:
        raise changed_meanwhile(file)
    return site


def _require_key_for_letters(sites: list[SiteInLanguages], may_sign: bool) -> None:
    """Raises SettingInvalid if a site wants checkpoints mailed, and none are signed."""
    promised = [each.id for each in sites if (own := each.site.evidence) and own.checkpoints_to]
    if promised and not may_sign:
        reason = f"is not set, but “{promised[0]}” has its checkpoints mailed (checkpoints_to)"
        cure = "set it and WIDGET_CHECKPOINTS, or take that key out of the site file"
        raise SettingInvalid("WIDGET_EVIDENCE_KEY", reason, cure)


def _clashes(sites: list[SiteInLanguages]) -> Iterator[SettingInvalid]:
    """That a file is named twice, that files declare one site, or that there is no site at all."""
    if not sites:
        yield SettingInvalid(SITES, "names no file", "name each site’s file once")
    for site in dict.fromkeys(each.id for each in sites):
        files = [each.site.file for each in sites if each.id == site]
        if len({file.resolve() for file in files}) > 1:
            reason = f"the id “{site}” is in {' and '.join(map(str, dict.fromkeys(files)))}"
            yield SettingInvalid(SITES, reason, SAME_ID_CURE)
        elif len(files) > 1:
            yield SettingInvalid(SITES, f"names {files[0]} more than once", "name each file once")
