"""Why a file cannot be read or written, and the cure: what the system says, in words."""

from __future__ import annotations

import errno

_NAME_IT = ("there is no such file", "correct its name")
_UNREADABLE = {
    errno.ENOENT: _NAME_IT,
    errno.ENOTDIR: _NAME_IT,
    errno.ENAMETOOLONG: ("its name is longer than any file’s", "correct its name"),
    errno.EISDIR: ("it is a folder", "name the file in it"),
}
_MAKE_ROOM = "make room on that disk and run the command again"
_LET_WRITE = "let this user write there"
_ONLY_READ = (
    "in a unit of systemd, name its folder in a line ReadWritePaths=; elsewhere, mount it so that "
    "it can be written"
)
_UNWRITABLE = {
    errno.ENOSPC: _MAKE_ROOM,
    errno.EDQUOT: _MAKE_ROOM,
    errno.EACCES: _LET_WRITE,
    errno.EROFS: _ONLY_READ,
    errno.ENOENT: "make its folder first",
    errno.EISDIR: "name a file in it",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def unreadable(error: OSError) -> tuple[str, str]:
    """Why a file could not be read, and the cure."""
    reason = (error.strerror or "it cannot be read").lower()
    return _UNREADABLE.get(error.errno or 0, (reason, "let this user read it"))


def unwritable(error: OSError) -> tuple[str, str]:
    """Why a file could not be written, and the cure."""
    reason = f"cannot be written: {(error.strerror or 'no reason given').lower()}"
    return reason, _UNWRITABLE.get(error.errno or 0, "name another place")
