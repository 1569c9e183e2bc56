"""Watching: the site as it is in its files at each request, or the last one without a mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from widget_backend.errors import WidgetError
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.site.stamp import stamp


class WatchedSite:
    """A site file that somebody is writing, and that is served from another address than it says.

    `url` is where the form is served, `origin` the website that embeds it. `say` gets a line each
    time that the site has changed, or cannot. Raises SiteFileInvalid and FileRefused at first.
    """

    def __init__(self, file: Path, url: str, origin: str, say: Callable[[str], object]) -> None:
        self.file, self.url, self.origin = file, url, origin
        self.problem = ""
        self._say = say
        self._lock = Lock()
        self._stamp = stamp(file)
        self._site = self._load()

    def site(self) -> SiteInLanguages:
        """Looks at the files first. What is wrong with them is then the `problem`, a line each."""
        with self._lock:
            now = stamp(self.file)
            if now != self._stamp:
                self._stamp = now
                self._read()
            return self._site

    def _read(self) -> None:
        try:
            self._site = self._load()
        except WidgetError as error:
            self.problem = str(error)
            for line in self.problem.splitlines():
                self._say(f"not reloaded, and the site stays as it was: {line}")
        else:
            self.problem = ""
            self._say(f"reloaded: {self._site.id}")

    def _load(self) -> SiteInLanguages:
        site = load_site(self.file)
        # With the origins that somebody adds to the file to try the form in their own page.
        listed = site.site.origins
        lent = () if self.origin in listed else (self.origin,)
        return replace(site.at(self.url, (*lent, *listed)), lent_origins=lent)
