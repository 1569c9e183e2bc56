"""The stamp of a site’s files: it differs as soon as one of them was written, added or removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from widget_backend.site.texts import catalog_path
from widget_backend.site.toml import TomlRefused, read_toml

Stamp = tuple[tuple[str, int, int, int], ...]
"""Of each file that there is: its name, number, size in bytes, and time in nanoseconds."""


def stamp(path: Path) -> Stamp:
    """The stamp of the site file, its catalogs, and the pictures that it names, right or wrong."""
    catalogs = sorted(path.parent.glob(str(catalog_path(Path("SITE.toml"), "*"))))
    own = tuple(_marks([path]))
    return (*own, *_marks([*catalogs, *_pictures(path, own)]))


def _marks(files: Iterable[Path]) -> Iterator[tuple[str, int, int, int]]:
    for file in files:
        try:
            status = file.stat()
        except (OSError, ValueError):
            continue
        yield str(file), status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=64)
def _pictures(path: Path, _own: Stamp) -> tuple[Path, ...]:
    """Those that the site file names. It is parsed once for each stamp of its own."""
    try:
        data = read_toml(path)
    except TomlRefused:
        return ()
    return tuple(path.parent / text for text in _texts(data) if _is_picture(text))


def _is_picture(text: str) -> bool:
    return text.lower().endswith((".svg", ".png"))


def _texts(value: Any) -> Iterator[str]:
    """Every text in the data of a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
