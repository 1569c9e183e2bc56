"""The file of suppressions: whom no backup may bring back, kept outside of the database.

Each line is a JSON object for an erasure: when, in which site, through which door, the keyed hashes
of the addresses (`address_hashes.py`) and the random keys by which the ledger names the person. The
file is only added to, and leads to nobody without the signing keys.
"""

from __future__ import annotations

import json
import logging
import os
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, get_args

from peewee import Database, PeeweeException, fn

from widget_backend.address_hashes import AddressHash
from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable, unwritable
from widget_backend.store.backup_file import sync
from widget_backend.store.json_field import dump
from widget_backend.store.ledger import Door
from widget_backend.store.models import ConsentRecord, OtherChange, Profile, Suppression

log = logging.getLogger(__name__)

UNKNOWN: Door = "my-data"
"""The door of an address of which nobody knows by which it went: most people delete their data, and
move, on the page that shows it."""
TAIL = 1024 * 1024
"""Bytes: no line is longer."""
OF_IMPORTS: tuple[Door, ...] = ("import", "staff")
"""The door of the last record of somebody whom the undo of an import has deleted, if they have one:
whoever is erased has a record of that after it."""


class Erased(NamedTuple):
    """Somebody who was erased at a time (seconds since 1970), through a door of the ledger: the
    hashes of their addresses, and the ledger keys of their profiles. Either can be empty."""

    site: str
    at: int
    door: Door
    people: tuple[str, ...] = ()
    hashes: tuple[AddressHash, ...] = ()

    @property
    def line(self) -> str:
        return dump({**self._asdict(), "hashes": [":".join(each) for each in self.hashes]})

    @classmethod
    def read(cls, line: str) -> Erased:
        """Raises ValueError, KeyError or TypeError for a line that is none."""
        known = json.loads(line)
        if known["door"] not in get_args(Door):
            raise ValueError("no such door")
        hashes = tuple(AddressHash(*each.split(":")) for each in known["hashes"])
        people = tuple(each + "" for each in known["people"])
        return cls(known["site"] + "", known["at"] + 0, known["door"], people, hashes)


class SuppressionFile(NamedTuple):
    """Several processes may add to it at once."""

    path: Path

    def add(self, erased: Iterable[Erased]) -> None:
        """What was added is on the disk when this returns. Raises FileRefused."""
        text = "".join(f"{each.line}\n" for each in erased).encode()
        try:
            is_new = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _write(descriptor, text)
            finally:
                os.close(descriptor)
            if is_new:
                sync(self.path.parent)
        except OSError as error:
            raise FileRefused(str(self.path), *unwritable(error)) from error

    def keep(self, erased: Erased) -> None:
        """Add somebody who is erased already. That stands even if the file cannot be written; the
        log says so, and `missing` has the line from then on."""
        try:
            self.add([erased])
        except FileRefused as error:
            log.error("%s Somebody was deleted all the same. The server adds them later.", error)

    def read(self, may_break_off: bool = False) -> list[Erased]:
        """Raises FileRefused, also for a line that is not whole: somebody would be forgotten. The
        end of the file `may_break_off` where `missing` knows whom that concerns."""
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")
        except OSError as error:
            raise FileRefused(str(self.path), *unreadable(error)) from error
        except UnicodeDecodeError as error:
            raise self._broken(1) from error
        if lines[-1] and not may_break_off:
            raise self._broken(len(lines))
        return [self._read_line(number, line) for number, line in enumerate(lines[:-1], 1)]

    def _read_line(self, number: int, line: str) -> Erased:
        try:
            return Erased.read(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._broken(number) from error

    def _broken(self, number: int) -> FileRefused:
        cure = "take the file from a copy; or remove the line, and erase its person by hand"
        return FileRefused(str(self.path), f"line {number} is not whole", cure)


def _write(descriptor: int, text: bytes) -> None:
    """Lines are whole or not there: what a full disk or a power cut has left of one goes."""
    with suppress(ImportError):  # Windows, where one process serves
        import_module("fcntl").flock(descriptor, 2)  # exclusively, until it is closed
    size = os.fstat(descriptor).st_size
    os.lseek(descriptor, max(0, size - TAIL), os.SEEK_SET)
    tail = os.read(descriptor, TAIL)
    whole = size - len(tail.rpartition(b"\n")[2])
    os.ftruncate(descriptor, whole)
    try:
        while text:
            text = text[os.write(descriptor, text) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, whole)
        raise


# ── what a database knows ───────────────────────────────────────────────────────────────────


def erased_in(database: Database) -> list[Erased]:
    """Everybody who was erased there, as far as its tables tell: people and addresses apart.

    An address on a list of strangers is not among them, nor whoever came in by an import that was
    undone: nobody was erased for it, and the next import may bring them. A sign-up that went with
    somebody has no line of its own, so that each line with a key is one deletion.
    """
    gone, doors = _gone(database), defaultdict[tuple[str, int], set[Door]](set)
    for each, recorded_at in gone:
        doors[each.site, recorded_at].add(each.door)
    addresses = (
        each._replace(door=_only(doors.get((each.site, each.at))))
        for each in _addresses_erased_in(database)
    )
    return [*(each for each, _ in gone), *addresses]


def erased_in_newer(database: Database) -> tuple[list[Erased], bool]:
    """The same of a database whose tables a newer version has changed, as far as they are still as
    they were, and whether all of it could be read."""
    known: list[Erased] = []
    is_all = True
    for read in (_people_erased_in, _addresses_erased_in):
        try:
            with database.connection_context():
                known += map(_as_here, read(database))
        except (PeeweeException, TypeError, ValueError):  # other tables, columns or values
            is_all = False
    return known, is_all


def _as_here(erased: Erased) -> Erased:
    """Through a door that is known here. Raises TypeError or ValueError for a time that is none."""
    door = erased.door if erased.door in get_args(Door) else UNKNOWN
    return erased._replace(at=int(erased.at), door=door)


def _only(doors: Collection[Door] | None) -> Door:
    """The door by which somebody was erased in the second in which an address was kept, if there is
    one and no other."""
    return next(iter(doors)) if doors and len(doors) == 1 else UNKNOWN


def _people_erased_in(database: Database) -> list[Erased]:
    return [each for each, _ in _gone(database)]


def _gone(database: Database) -> list[tuple[Erased, int]]:
    """Everybody whose profile is gone, by the clock of the database, and the time of their last
    record, which says that they were erased."""
    is_here = Profile.select(Profile.id).where(Profile.ledger_key == OtherChange.profile_key)
    theirs = ConsentRecord.profile_key == OtherChange.profile_key
    last = [
        ConsentRecord.select(each).where(theirs).order_by(ConsentRecord.revision.desc()).limit(1)
        for each in (ConsentRecord.door, ConsentRecord.at)
    ]
    columns = (OtherChange.site, OtherChange.profile_key)
    gone = (
        OtherChange.select(*columns, fn.MAX(OtherChange.at), *last)
        .where(~fn.EXISTS(is_here))
        .group_by(*columns)
    )
    return [
        (Erased(site, int(at), door, (key,)), recorded_at)
        for site, key, at, door, recorded_at in gone.tuples().execute(database)
        if door and door not in OF_IMPORTS
    ]


def _addresses_erased_in(database: Database) -> list[Erased]:
    kept = Suppression.select(
        Suppression.site, Suppression.at, Suppression.key_id, Suppression.digest
    ).where(Suppression.run.is_null())
    return [
        Erased(site, at, UNKNOWN, hashes=(AddressHash(*known),))
        for site, at, *known in kept.tuples().execute(database)
    ]


def missing(database: Database, file: SuppressionFile) -> list[Erased]:
    """Whom the database knows as erased, and the file does not: it is new or was cut, or could not
    be written when they were. Raises FileRefused."""
    known = file.read(may_break_off=True) if file.path.exists() else []
    return not_among(known, erased_in(database))


def not_among(known: Iterable[Erased], everybody: Iterable[Erased]) -> list[Erased]:
    """Those of `everybody` of whom something is not `known`."""
    known = [*known]
    people = {(each.site, key) for each in known for key in each.people}
    hashes = {(each.site, digest) for each in known for digest in each.hashes}
    return [
        each
        for each in everybody
        if any((each.site, key) not in people for key in each.people)
        or any((each.site, digest) not in hashes for digest in each.hashes)
    ]


def deletions(erased: Iterable[Erased]) -> int:
    """How many of these, which are from a database, are deletions of people: who came back and was
    deleted again counts twice, for nothing tells that it was the same person, and an address alone
    counts nothing."""
    return sum(bool(each.people) for each in erased)


def deletions_not_among(known: Iterable[Erased], database: Database) -> int:
    """How many deletions of people the database knows that are not `known`.

    Each of them was in the file before that was acknowledged: it was cut, or is of another
    database. Addresses do not tell, since those that somebody replaced are added within the hour.
    """
    return deletions(not_among(known, erased_in(database)))
