"""The sites that the backend serves, as a command reads them from the settings."""

from __future__ import annotations

import os
from pathlib import Path

from widget_backend.config import read_setting
from widget_backend.site.load import SiteInLanguages, load_site


def served_sites() -> list[SiteInLanguages]:
    """The sites of WIDGET_SITES. Raises SettingInvalid and SiteFileInvalid."""
    files = read_setting("WIDGET_SITES").split(os.pathsep)
    return [load_site(Path(file)) for file in files if file]
