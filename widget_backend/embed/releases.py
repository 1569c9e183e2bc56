"""Versions of the script: the newest as `v1.js`, and frozen ones that never change.

A frozen version is a file in `widget/released/`. Owners pin one by its hash (SRI); it must keep
working against every later server. `hashes.txt` beside the files holds what was published.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

from widget_backend.embed.script import widget_folder, widget_script

MAJOR = 1
NAME = re.compile(r"v(\d+)\.(\d+)\.(\d+)\.js", re.ASCII)


def released_folder() -> Path:
    return widget_folder() / "released"


def integrity(content: bytes) -> str:
    """The value of a script's `integrity` attribute (W3C, Subresource Integrity)."""
    return f"sha384-{b64encode(sha384(content).digest()).decode()}"


def released() -> list[str]:
    """The names of all frozen versions, oldest first."""
    found = [each.name for each in released_folder().glob("v*.js") if NAME.fullmatch(each.name)]
    return sorted(found, key=_numbers)


def _numbers(name: str) -> tuple[int, ...]:
    found = NAME.fullmatch(name)
    return tuple(map(int, found.groups())) if found else ()


def frozen_as() -> str | None:
    """The version that the script is frozen as; None if it is not."""
    content = widget_script()
    same = [each for each in released() if (released_folder() / each).read_bytes() == content]
    return same[-1] if same else None


def release(is_minor: bool = False) -> tuple[str, str]:
    """Freeze the script, which is not frozen yet, as the next version; its name and hash."""
    folder, names, content = released_folder(), released(), widget_script()
    name = _following(names[-1], is_minor) if names else f"v{MAJOR}.0.0.js"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    with (folder / "hashes.txt").open("a", encoding="ascii") as hashes:
        hashes.write(f"{name} {integrity(content)}\n")
    return name, integrity(content)


def _following(name: str, is_minor: bool) -> str:
    major, minor, patch = _numbers(name)
    return f"v{major}.{minor + 1}.0.js" if is_minor else f"v{major}.{minor}.{patch + 1}.js"
