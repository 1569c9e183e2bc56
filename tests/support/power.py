"""Power loss: what a disk still holds of SQLite's newest saves when only what was synced is left.

SQLite's own calls for files are replaced in this process: after each sync of the file with the
newest saves (the write-ahead log) a copy of it is kept. Who is killed then loses, in a test, what
power loss takes: everything that was written after that copy.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import shutil
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_void_p, cast, pointer
from pathlib import Path

WAL = 0x80000
"""SQLITE_OPEN_WAL: the file that is opened is a write-ahead log."""
SYNCED = "-synced"
"""What the name of a copy ends with."""

Sync = CFUNCTYPE(c_int, c_void_p, c_int)
# The name as an address: SQLite keeps using the memory in which it stands.
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class Methods(Structure):
    """sqlite3_io_methods, version 3 (sqlite.org/c3ref/io_methods.html)."""

    _fields_ = (
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate")),
        ("sync", Sync),
        *((f"other_{number}", c_void_p) for number in range(13)),
    )


class File(Structure):
    """The beginning of every sqlite3_file."""

    _fields_ = (("methods", POINTER(Methods)),)


class Vfs(Structure):
    """The beginning of sqlite3_vfs (sqlite.org/c3ref/vfs.html)."""

    _fields_ = (
        *((name, c_int) for name in ("version", "size", "longest")),
        *((name, c_void_p) for name in ("next", "name", "data")),
        ("open", Open),
    )


_kept: list[object] = []
"""What C calls must not be collected."""


def copy_what_is_synced() -> None:
    """From now on. Raises AttributeError where Python hides the SQLite that it was built with."""
    find = ctypes.CDLL(_sqlite3.__file__).sqlite3_vfs_find
    find.argtypes, find.restype = [c_char_p], POINTER(Vfs)
    vfs = find(None).contents
    original = cast(vfs.open, c_void_p).value
    assert original
    open_file = Open(original)

    def opened(self: int, name: int, file: int, flags: int, out: int) -> int:
        result: int = open_file(self, name, file, flags, out)
        if result == 0 and flags & WAL:
            _watch(cast(file, POINTER(File)).contents, os.fsdecode(ctypes.string_at(name)))
        return result

    vfs.open = Open(opened)
    _kept.extend([open_file, vfs.open])


def _watch(file: File, path: str) -> None:
    methods = Methods.from_buffer_copy(file.methods.contents)
    address = cast(methods.sync, c_void_p).value
    assert address
    sync = Sync(address)

    def synced(self: int, flags: int) -> int:
        result: int = sync(self, flags)
        shutil.copy(path, f"{path}.new")
        os.replace(f"{path}.new", path + SYNCED)
        return result

    methods.sync = Sync(synced)
    file.methods = pointer(methods)
    _kept.extend([sync, methods.sync, methods])


def lose_power(file: Path) -> None:
    """Leave of the newest saves of a killed process what was synced."""
    wal = file.with_name(f"{file.name}-wal")
    synced = wal.with_name(wal.name + SYNCED)
    wal.unlink()
    if synced.exists():
        synced.rename(wal)
    file.with_name(f"{file.name}-shm").unlink()
