"""The fault log: where our own faults happened, without anything that people typed or were sent.

The message of an exception may quote a value, and the path of a request contains a signed link, so
neither is logged. Classes, files, lines and function names say where to look.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from traceback import walk_tb

FRAMES = 40
"""The innermost frames of each exception that are logged; an endless recursion has a thousand."""

log = logging.getLogger(__name__)


def log_fault(error: BaseException, place: str | None = None) -> None:
    """Log a fault. `place` is a name of ours for what was being done."""
    log.error("%s", without_values(error, place))


def without_values(error: BaseException, place: str | None = None) -> str:
    """The exception and its causes, oldest first, with where each was raised."""
    return "\n".join(
        line
        for each in reversed(list(_with_causes(error)))
        for line in (_named(each, place if each is error else None), *_frames(each))
    )


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, then those that it was raised from or while handling, each once."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield here
        here = here.__cause__ or here.__context__


def _named(error: BaseException, place: str | None) -> str:
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return f"{name} at {place}" if place else name


def _frames(error: BaseException) -> list[str]:
    frames = [
        f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return frames[-FRAMES:]


class WithoutValues(logging.Filter):
    """A filter for a library's logger: replaces its message with what we would log.

    Its messages already contain a path or a value when they come here. What another such filter
    has replaced stays as it is.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "has_no_values", False):
            return True
        error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
        place = f"{record.name} ({record.module}.{record.funcName})"
        record.msg = without_values(error, place) if error else f"something went wrong at {place}"
        record.args, record.exc_info, record.exc_text = (), None, None
        record.has_no_values = True
        return True
