"""Watching: the site as it is in its files at each request, or the last one without a mistake."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from widget_backend.calling import calling
from widget_backend.errors import Mistake, WidgetError
from widget_backend.rules.site_warnings import flaws_of, remarks_on
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.site.model import Site
from widget_backend.site.renamed import renamed
from widget_backend.site.stamp import stamp

HINTS = 3
"""So many warnings of `check` are told in full, for the pages to stay readable."""


class WatchedSite:
    """A site file that somebody is writing, and that is served from another address than it says.

    `url` is where the form is served, `origin` the website that embeds it. `say` gets a line each
    time that the site has changed, or cannot, and the `hints` when there are more or fewer. Raises
    SiteFileInvalid and FileRefused at first.
    """

    def __init__(self, file: Path, url: str, origin: str, say: Callable[[str], object]) -> None:
        self.file, self.url, self.origin = file, url, origin
        self.problem = ""
        self.hints = ""
        """How many warnings, the first of them, and what to type for all. A line each."""
        self._say = say
        self._lock = Lock()
        self._stamp = stamp(file)
        self._begun_with: Site | None = None
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
        before = self.hints
        try:
            self._site = self._load()
        except WidgetError as error:
            self.problem = str(error)
            for line in self.problem.splitlines():
                self._say(f"not reloaded, and the site stays as it was: {line}")
        else:
            self.problem = ""
            self._say(f"reloaded: {self._site.id}")
            # Who rewords a text without a translation need not read its warning each time.
            if _count_of(self.hints) != _count_of(before):
                self.say_hints()

    def say_hints(self) -> None:
        for line in self.hints.splitlines():
            self._say(line)

    def _load(self) -> SiteInLanguages:
        site = load_site(self.file)
        self.hints = self._hints(site.site, flaws_of(site))
        # With the origins that somebody adds to the file to try the form in their own page.
        listed = site.site.origins
        lent = () if self.origin in listed else (self.origin,)
        return replace(site.at(self.url, (*lent, *listed)), lent_origins=lent)

    def _hints(self, site: Site, flaws: Iterable[Mistake]) -> str:
        """What has another id than when the preview began, and what `check` warns of."""
        self._begun_with = self._begun_with or site
        of_ids = [*renamed(self._begun_with, site)]
        of_check = [*flaws, *remarks_on(site)]
        count = len(of_ids) + len(of_check)
        if not count:
            return ""
        lines = [str(each) for each in (*of_ids, *of_check[:HINTS])]
        if len(lines) < count:
            command = calling(f"check {shlex.quote(str(self.file))}")
            lines.append(f"{count - len(lines)} more: {command}")
        return "\n".join(["1 warning:" if count == 1 else f"{count} warnings:", *lines])


def _count_of(hints: str) -> str:
    return hints.partition(" ")[0]
