"""A backup: one zip file with a copy of the database and `manifest.json`, which says what it is.

Any program for zip files opens it. The keys are not in it: their fingerprints say which ones belong
to it.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import IO, Any, Literal

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable, unwritable

FORMAT = "preference-widget backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1_000_000
"""Bytes, of which ours have some thousands. A small zip file may hold a manifest that fills the
memory."""
Kind = Literal["sqlite", "postgresql"]
FILES: dict[Kind, str] = {"sqlite": "widget.db", "postgresql": "widget.dump"}
"""What the copy of each kind of database is called inside. `pg_restore` reads the second one."""
BLOCK = 1024 * 1024
ANOTHER = "take another backup, or copy this one anew"
INCOMPLETE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading raises where bytes are missing or others than were written."""


@dataclass(frozen=True)
class Manifest:
    """`taken_at` is an ISO time, before which everything is in it. `server` is the version of
    PostgreSQL, 0 for SQLite; `migration` the last one that was applied. `counts` maps tables to
    their rows. `signing_keys` are the ids of `AddressHashes`, `evidence_key` is that of its public
    half, or empty."""

    software: str
    taken_at: str
    database: Kind
    server: int
    migration: str
    sites: list[str]
    counts: dict[str, int]
    signing_keys: list[str]
    evidence_key: str
    sha256: str = ""
    format: str = FORMAT
    format_version: int = FORMAT_VERSION


# ── writing ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """Where to write what becomes the file at the end of the block, if nothing fails.

    Only its owner may read it. Nothing is overwritten. Raises FileRefused, also for what the block
    cannot write.
    """
    part = file.with_name(f"{file.name}.part")
    _require_new(file, "name another one: no backup is overwritten")
    _require_new(part, "delete it, unless another backup is being written there")
    try:
        part.touch(mode=0o600, exist_ok=False)
        yield part
        sync(part)
        _require_new(file, "name another one: no backup is overwritten")
        part.rename(file)
        sync(file.parent)
    except OSError as error:
        raise FileRefused(str(file), *unwritable(error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _require_new(file: Path, cure: str) -> None:
    if os.path.lexists(file):
        raise FileRefused(str(file), "is there already", cure)


def sync(path: Path) -> None:
    """What was written is on the disk when this returns."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder, and keeps names by itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pack(copy: Path, manifest: Manifest, file: Path) -> Manifest:
    """Put the copy and the manifest into an empty file, and read them again to see that they are
    there; returns the manifest with its checksum."""
    # What pg_dump writes is compressed already.
    method = zipfile.ZIP_DEFLATED if manifest.database == "sqlite" else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
        with copy.open("rb") as source:
            inside = zipfile.ZipInfo.from_file(copy, FILES[manifest.database])
            inside.compress_type = method
            with archive.open(inside, "w", force_zip64=True) as target:
                digest = _move(source, target)
        complete = Manifest(**{**asdict(manifest), "sha256": digest})
        archive.writestr(MANIFEST, json.dumps(asdict(complete), indent=2) + "\n")
    unpack(file, read_manifest(file), None)
    return complete


def _move(source: IO[bytes], target: IO[bytes] | None) -> str:
    """The SHA-256 of what was copied, or only read."""
    digest = sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        if target:
            target.write(block)
    return digest.hexdigest()


# ── reading ─────────────────────────────────────────────────────────────────────────────────


def read_manifest(file: Path) -> Manifest:
    """Raises FileRefused for what is no backup, only half of one, or of a newer version."""
    try:
        with file.open("rb") as start:
            begins_as_one = start.read(4) == b"PK\x03\x04"
        with zipfile.ZipFile(file) as archive, archive.open(MANIFEST) as content:
            text = content.read(LONGEST_MANIFEST + 1)
        if len(text) > LONGEST_MANIFEST:
            raise _foreign(file)
        known = json.loads(text)
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    except INCOMPLETE as error:
        if begins_as_one:
            raise FileRefused(str(file), "is only a part of a backup", ANOTHER) from error
        raise _foreign(file) from error
    except (KeyError, ValueError) as error:
        raise _foreign(file) from error
    return _manifest(file, known)


def _manifest(file: Path, known: Any) -> Manifest:
    if not isinstance(known, dict) or known.get("format") != FORMAT:
        raise _foreign(file)
    if known.get("format_version") != FORMAT_VERSION:
        version = str(known.get("software", "unknown"))[:20]
        cure = "install that version, and restore with it"
        raise FileRefused(str(file), f"is a backup of another version ({version})", cure)
    try:
        manifest = Manifest(**known)
    except TypeError as error:
        raise _foreign(file) from error
    if not _is_sound(manifest):
        raise _foreign(file)
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    """Whether everything is what it claims to be, and can be printed."""
    texts = [getattr(manifest, each.name) for each in fields(Manifest) if each.type == "str"]
    lists: tuple[Any, ...] = (manifest.sites, manifest.signing_keys)
    numbers: list[Any] = [manifest.server]
    if not all(isinstance(each, list) for each in lists) or not isinstance(manifest.counts, dict):
        return False
    texts += [*chain(*lists), *manifest.counts, manifest.database]
    numbers += manifest.counts.values()
    return (
        all(isinstance(each, str) and each.isprintable() for each in texts)
        and all(type(each) is int and each >= 0 for each in numbers)
        and manifest.database in FILES
        and _has_zone(manifest.taken_at)
    )


def _has_zone(text: str) -> bool:
    """Whether it is a time with its time zone."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _foreign(file: Path) -> FileRefused:
    cure = "name a file that preference-widget backup has written"
    return FileRefused(str(file), "is no backup of this software", cure)


def unpack(file: Path, manifest: Manifest, to: Path | None) -> None:
    """Write the copy of the database to an empty file, or only read it. Raises FileRefused where it
    is not what was written, and OSError where `to` cannot be written."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(FILES[manifest.database]) as source:
            if to is None:
                digest = _move(source, None)
            else:
                with to.open("wb") as target:
                    digest = _move(source, target)
                sync(to)
    except (*INCOMPLETE, KeyError) as error:
        raise FileRefused(str(file), "is damaged", ANOTHER) from error
    if digest != manifest.sha256:
        raise FileRefused(str(file), "has a wrong checksum: something was changed in it", ANOTHER)
