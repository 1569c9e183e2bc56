"""Writing a new site into a folder of its own: all of it, or nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable, unwritable
from widget_backend.site.load import read_data
from widget_backend.site.ready_sites import (
    FALLBACK,
    NewSite,
    ready_language,
    ready_translations,
    site_text,
)
from widget_backend.site.texts import update_translations

SITE_FILE = "SITE.toml"


def write_site(folder: Path, site: NewSite) -> list[Path]:
    """Write the site file and its catalogs; returns their paths. Raises FileRefused.

    They are written beside first, so that an interrupted run leaves nothing in the folder.
    """
    require_free(folder)
    is_there = folder.exists()
    beside = folder if is_there else folder.parent
    try:
        with TemporaryDirectory(prefix=".new-site-", dir=beside) as temporary:
            fresh = Path(temporary) / "site"
            fresh.mkdir()
            files = [each.relative_to(fresh) for each in _write(fresh, site)]
            if is_there:
                _fill(folder, fresh)
            else:
                fresh.rename(folder)
    except OSError as error:
        raise FileRefused(str(folder), *unwritable(error)) from error
    return [folder / each for each in files]


def require_free(folder: Path) -> None:
    """Raises FileRefused if something is there that a new site would mix with or overwrite, or if
    nothing can be written there."""
    try:
        if folder.is_dir():
            is_free, reason = not any(folder.iterdir()), "it is not empty"
        else:
            is_free, reason = not os.path.lexists(folder), "it is a file"
    except OSError as error:
        raise FileRefused(str(folder), *unreadable(error)) from error
    if not is_free:
        raise FileRefused(str(folder), reason, "name a new folder: nothing is overwritten")
    parent = folder if folder.exists() else folder.parent
    if not parent.is_dir():
        raise FileRefused(str(parent), "there is no such folder", "make it first")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise FileRefused(str(parent), "this user may not write there", "name another place")


def _write(folder: Path, site: NewSite) -> list[Path]:
    file = folder / SITE_FILE
    language = ready_language(site.source_language) or FALLBACK
    file.write_text(site_text(site, language), encoding="utf-8", newline="\n")
    catalogs = update_translations(file, read_data(file), lambda tag: ready_translations(site, tag))
    return [file, *catalogs]


def _fill(folder: Path, fresh: Path) -> None:
    """An empty folder stays the same one, since it may be the current one of a shell."""
    parts = sorted(fresh.iterdir(), reverse=True)  # the site file last
    for each in parts:
        if os.path.lexists(folder / each.name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    for each in parts:
        each.rename(folder / each.name)
