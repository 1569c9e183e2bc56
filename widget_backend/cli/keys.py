"""What recognises people who were erased, from the settings, for commands that need no others."""

from __future__ import annotations

from pathlib import Path

from widget_backend.address_hashes import AddressHashes
from widget_backend.config import read_setting, retired_keys, signing_keys
from widget_backend.store.evidence_key import NAME, read_evidence_key
from widget_backend.store.suppression_file import SuppressionFile


def address_hashes() -> AddressHashes:
    """They recognise whoever was deleted, so that nothing brings them back. Raises
    SettingInvalid."""
    return AddressHashes(
        signing_keys(read_setting("WIDGET_SIGNING_KEYS")),
        retired_keys(read_setting("WIDGET_RETIRED_KEYS")),
    )


def evidence_key_id() -> str:
    """The id of the key that signs checkpoints; empty if none is set. Raises SettingInvalid."""
    value = read_setting(NAME)
    return read_evidence_key(value).public.id if value else ""


def suppression_file() -> SuppressionFile | None:
    """The file that keeps who was erased, if the settings name one."""
    file = read_setting("WIDGET_SUPPRESSIONS")
    return SuppressionFile(Path(file)) if file else None
