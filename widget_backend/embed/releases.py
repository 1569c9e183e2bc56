"""Releases: versions of the script. `v1.js` is the newest; frozen versions never change.

A frozen version is a file in `widget/released/`, or in `released/` in the operator’s own folder.
Owners pin one by its hash (SRI), and it must work with every later server. `hashes.txt` beside the
files lists the published hashes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

from widget_backend.embed.script import widget_folder, widget_script
from widget_backend.errors import FileRefused
from widget_backend.file_errors import unwritable
from widget_backend.installation import folder_to_write, own_folder

MAJOR = 1
NAME = re.compile(r"v(\d+)\.(\d+)\.(\d+)\.js", re.ASCII)


NAME_OF_FOLDER = "released"


def released_folders() -> list[Path]:
    """The operator’s own first: what was pinned there stays, whatever we publish by that name."""
    ours, own = widget_folder() / NAME_OF_FOLDER, own_folder(NAME_OF_FOLDER)
    return [own, ours] if own else [ours]


def frozen_script(name: str) -> bytes:
    """The content of a frozen version."""
    file = next(each / name for each in released_folders() if (each / name).exists())
    return file.read_bytes()


def integrity(content: bytes) -> str:
    """The value of a script's `integrity` attribute (W3C, Subresource Integrity)."""
    return f"sha384-{b64encode(sha384(content).digest()).decode()}"


def frozen_versions() -> list[str]:
    """The file names of all frozen versions, oldest first."""
    names = {each.name for folder in released_folders() for each in folder.glob("v*.js")}
    return sorted((name for name in names if _version(name)), key=_version)


def _version(name: str) -> tuple[int, ...]:
    """Major, minor and patch; empty for another file."""
    match = NAME.fullmatch(name)
    return tuple(map(int, match.groups())) if match else ()


def current_version() -> str | None:
    """The frozen version that the script is equal to; None if it is not frozen yet."""
    content = widget_script()
    same = [each for each in frozen_versions() if frozen_script(each) == content]
    return same[-1] if same else None


def freeze_script(is_minor: bool = False) -> tuple[str, str]:
    """Freeze the script as the next version; returns the file name and the hash.

    Raises SettingInvalid, and FileRefused for a folder that cannot be written to.
    """
    folder = folder_to_write(NAME_OF_FOLDER, widget_folder() / NAME_OF_FOLDER)
    names, content = frozen_versions(), widget_script()
    name = f"v{MAJOR}.0.0.js"
    if names:
        major, minor, patch = _version(names[-1])
        name = f"v{major}.{minor + 1}.0.js" if is_minor else f"v{major}.{minor}.{patch + 1}.js"
    try:
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        with (folder / "hashes.txt").open("a", encoding="ascii") as hashes:
            hashes.write(f"{name} {integrity(content)}\n")
    except OSError as error:
        raise FileRefused(str(folder), *unwritable(error)) from error
    return name, integrity(content)
