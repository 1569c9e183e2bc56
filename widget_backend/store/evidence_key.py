"""The key pair that checkpoints are signed with: Ed25519, by the library `cryptography`.

Keys and signatures are written in hexadecimal digits. The private half stays on the server; the
public half is for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from widget_backend.calling import calling
from widget_backend.errors import FileRefused, SettingInvalid, ToolMissing
from widget_backend.file_errors import unwritable
from widget_backend.installation import installing

NAME = "WIDGET_EVIDENCE_KEY"
MAKE_A_KEY = f"make one with {calling('evidence key FILE')}"
_KEY = re.compile("[0-9a-f]{64}")
Key = TypeVar("Key")


def _library() -> Any:
    """Raises ToolMissing without `cryptography`, which only evidence needs."""
    try:
        return import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
    except ImportError as error:
        reason = "checkpoints are signed by the library cryptography, which is missing"
        cure = f"install it: {installing('evidence')}"
        raise ToolMissing(reason, cure) from error


class PublicKey:
    """The half that checks signatures. Raises ToolMissing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.id = key_id(text)
        self._key = _library().Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        invalid = import_module("cryptography.exceptions").InvalidSignature
        try:
            self._key.verify(signature, message)
        except invalid:
            return False
        return True


class EvidenceKey:
    """The private half. Raises ToolMissing."""

    def __init__(self, text: str) -> None:
        self._key = _library().Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
        self.public = PublicKey(self._key.public_key().public_bytes_raw().hex())

    def sign(self, message: bytes) -> bytes:
        signature: bytes = self._key.sign(message)
        return signature


def key_id(public: str) -> str:
    """What checkpoints name their key by: a key does not fit on a line that people read."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


def read_evidence_key(value: str) -> EvidenceKey:
    """The key of a setting. Raises SettingInvalid, also without the library."""
    if not _KEY.fullmatch(value):
        reason = "is not set" if not value else "is not 64 hexadecimal digits"
        raise SettingInvalid(NAME, reason, MAKE_A_KEY)
    return _for_setting(EvidenceKey, value)


def read_public_key(option: str, value: str) -> PublicKey:
    """Raises SettingInvalid for what is no public half."""
    if not _KEY.fullmatch(value):
        cure = "write the 64 digits that “evidence key” has printed"
        raise SettingInvalid(option, f"“{value[:20]}” is no public half of a key", cure)
    return _for_setting(PublicKey, value)


def _for_setting(kind: Callable[[str], Key], value: str) -> Key:
    try:
        return kind(value)
    except ToolMissing as error:
        cure = f"install it: {installing('evidence')}"
        reason = "needs the library cryptography, which is missing"
        raise SettingInvalid(NAME, reason, cure) from error


def make_evidence_key(file: Path) -> PublicKey:
    """Write a new private half to a file that only its owner reads; returns the public half.

    Raises FileRefused when there is such a file, which is never overwritten: what was signed with
    a lost key can be checked, but nothing more be added to it.
    """
    private = _library().Ed25519PrivateKey.generate().private_bytes_raw().hex()
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"{private}\n", encoding="ascii")
    except FileExistsError as error:
        cure = "name another file; to start anew, move this one away, and keep it"
        raise FileRefused(
            str(file), "is there already, and keys are never overwritten", cure
        ) from error
    except OSError as error:
        raise FileRefused(str(file), *unwritable(error)) from error
    return EvidenceKey(private).public
