"""Checkpoints: what the ledger of a site held at a time, signed, in a file beside the database.

The file has a JSON object a line, for one site or several, and is only added to. Whoever has a line
of it can tell later whether one of the records before it was changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from email import message_from_string
from email.policy import SMTP
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from widget_backend.errors import FileRefused, Mistake, WidgetError
from widget_backend.file_errors import unreadable, unwritable
from widget_backend.rules.merkle import extends
from widget_backend.store.evidence_key import EvidenceKey, PublicKey
from widget_backend.store.json_field import dump

PURPOSE = b"preference-widget checkpoint\n"
"""What is signed begins with it, so that no signature counts for anything else."""
FROM_BACKUP = "take the file from a backup, or from where you have sent its lines"


class CheckpointRefused(WidgetError):
    """A line of the file cannot be relied on."""

    def __init__(self, file: Path, where: str, reason: str, cure: str) -> None:
        super().__init__(str(Mistake(str(file), where, reason, cure)))


@dataclass(frozen=True)
class Checkpoint:
    """The `root` (in hexadecimal digits) of the first `size` records of a site, at an ISO `time`.

    `proof` shows that they begin with those of the checkpoint of `previous` records: the
    consistency proof of RFC 6962. `key` is the id of the key that has signed.
    """

    site: str
    size: int
    root: str
    time: str
    key: str
    previous: int = 0
    proof: tuple[str, ...] = ()
    signature: str = ""

    @classmethod
    def signed(cls, key: EvidenceKey, **facts: Any) -> Checkpoint:
        unsigned = cls(**facts, key=key.public.id)
        return cls(**{**asdict(unsigned), "signature": key.sign(unsigned.message).hex()})

    @classmethod
    def read(cls, line: str) -> Checkpoint:
        """Raises ValueError for a line that is none."""
        fields = json.loads(line)
        if not isinstance(fields, dict) or {*fields} != {*cls.__dataclass_fields__}:
            raise ValueError("it has other keys than a checkpoint")
        texts = {name: fields[name] for name in ("site", "root", "time", "key", "signature")}
        sizes = {name: fields[name] for name in ("size", "previous")}
        proof = fields["proof"]
        if not all(isinstance(each, str) for each in (*texts.values(), *proof)) or not all(
            type(each) is int and each >= 0 for each in sizes.values()
        ):
            raise ValueError("it has values of other types than a checkpoint")
        for each in (texts["root"], texts["signature"], *proof):
            bytes.fromhex(each)
        return cls(**texts, **sizes, proof=tuple(proof))

    @property
    def message(self) -> bytes:
        """What is signed: all but the signature."""
        facts = asdict(self)
        del facts["signature"]
        return PURPOSE + dump(facts).encode()

    @property
    def line(self) -> str:
        return dump(asdict(self))

    def continues(self, earlier: Checkpoint, proof: Sequence[bytes]) -> bool:
        """Whether the proof shows that the records begin with those of the earlier one."""
        roots = bytes.fromhex(earlier.root), bytes.fromhex(self.root)
        return extends(earlier.size, roots[0], self.size, roots[1], proof)


class CheckpointFile(NamedTuple):
    """A file of checkpoints, as a server shows it, and the public half of the key that signs."""

    path: Path
    key: PublicKey

    def newest(self, site: str) -> Checkpoint | None:
        """The last one of a site that the key has signed, near the end of the file; or None.

        What is wrong with the file is for the operator to see, with `evidence verify`.
        """
        for line in reversed(_last_lines(self.path)):
            with suppress(ValueError, TypeError):
                checkpoint = Checkpoint.read(line)
                signature = bytes.fromhex(checkpoint.signature)
                if checkpoint.site == site and self.key.has_signed(checkpoint.message, signature):
                    return checkpoint
        return None


LAST = 256 * 1024
"""Bytes at the end of the file: a year of checkpoints of one site is about twice as long."""


def _last_lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as content:
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - LAST))
            return content.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return []


def read_checkpoints(
    file: Path, site: str, keys: Mapping[str, PublicKey], may_be_new: bool = False
) -> list[Checkpoint]:
    """Those of a site in the order of their sizes, each with its signature, and proof, checked.

    `keys` are the public halves by their ids. With `may_be_new` a file that is not there has none;
    without, the file can also be an email with lines, as mail programs save it.

    Raises FileRefused and CheckpointRefused.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if may_be_new:
            return []
        raise FileRefused(str(file), *unreadable(error)) from error
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    except UnicodeDecodeError as error:
        raise FileRefused(str(file), "is no file of checkpoints", "name the right one") from error
    lines = (text if may_be_new else _out_of_a_letter(text)).split("\n")
    if lines[-1]:
        reason = "breaks off in the middle, or its last line break is missing"
        raise CheckpointRefused(file, f"line {len(lines)}", reason, "remove this line")
    read = [
        _read_line(file, number, line, site, keys)
        for number, line in enumerate(lines[:-1], start=1)
    ]
    theirs = sorted((each for each in read if each), key=lambda each: each.size)
    _require_consistent(file, theirs)
    return theirs


def _out_of_a_letter(text: str) -> str:
    """The lines that stand in a saved email; the text itself if it is none."""
    if text.startswith("{"):
        return text
    body = message_from_string(text, policy=SMTP).get_body(("plain",))
    content = body.get_content() if body else ""
    lines = [line for line in content.splitlines() if line.startswith("{")]
    return "\n".join([*lines, ""]) if lines else text


def _read_line(
    file: Path, number: int, line: str, site: str, keys: Mapping[str, PublicKey]
) -> Checkpoint | None:
    """The checkpoint of a line; None for another site's."""
    where = f"line {number}"
    try:
        checkpoint = Checkpoint.read(line)
    except (ValueError, TypeError) as error:
        raise CheckpointRefused(file, where, "is no checkpoint", FROM_BACKUP) from error
    if checkpoint.site != site:
        return None
    if checkpoint.key not in keys:
        ours = ", ".join(keys)
        reason = f"key: is signed with the key {checkpoint.key}, and not with {ours}"
        cure = "name the public half of that key with --key"
        raise CheckpointRefused(file, where, reason, cure)
    signature = bytes.fromhex(checkpoint.signature)
    if not keys[checkpoint.key].has_signed(checkpoint.message, signature):
        reason = "signature: does not fit, so the line was changed after it was signed"
        raise CheckpointRefused(file, where, reason, FROM_BACKUP)
    return checkpoint


def _require_consistent(file: Path, checkpoints: Collection[Checkpoint]) -> None:
    """Each must continue the one that it names, as far as that is in the file. Raises
    CheckpointRefused."""
    by_size = {each.size: each for each in checkpoints}
    for each in checkpoints:
        earlier = by_size.get(each.previous)
        proof = [bytes.fromhex(node) for node in each.proof]
        if each.previous and earlier and not each.continues(earlier, proof):
            reason = f"does not continue that of {earlier.size:,} records"
            raise _of_two_ledgers(file, each, reason)
    for one, other in pairwise(checkpoints):
        if one.size == other.size and one.root != other.root:
            raise _of_two_ledgers(file, other, "is there twice, with different roots")


def _of_two_ledgers(file: Path, checkpoint: Checkpoint, reason: str) -> CheckpointRefused:
    where = f"the checkpoint of {checkpoint.size:,} records ({checkpoint.time})"
    cure = "they are of two databases, or records were changed in between; ask who has the key"
    return CheckpointRefused(file, where, reason, cure)


def add_checkpoint(file: Path, checkpoint: Checkpoint) -> None:
    """Add a line that is on the disk when this returns. Raises FileRefused."""
    try:
        with file.open("a", encoding="utf-8") as text:
            text.write(f"{checkpoint.line}\n")
            text.flush()
            os.fsync(text.fileno())
    except OSError as error:
        raise FileRefused(str(file), *unwritable(error)) from error
