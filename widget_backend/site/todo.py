"""Lines of a site file that still wait for its owner: `init` marks them with TODO."""

from __future__ import annotations

import re
from collections.abc import Iterator

from widget_backend.errors import Mistake
from widget_backend.site.model import Site

_TODO = re.compile(r"\s*#\s*TODO\b")


def todo(site: Site) -> Iterator[Mistake]:
    """One mistake for all of them, if there are any: people would read what is made up."""
    try:
        lines = site.file.read_text(encoding="utf-8").splitlines()
    except OSError:  # moved since it was loaded, which the next start or reload tells
        return
    numbers = [str(number) for number, line in enumerate(lines, 1) if _TODO.match(line)]
    if numbers:
        where = f"{'line' if len(numbers) == 1 else 'lines'} {', '.join(numbers)}"
        reason = "the word TODO stands there, so what follows may be made up"
        yield Mistake(str(site.file), where, reason, "write what is true, and delete that comment")
