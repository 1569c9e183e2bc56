"""Why a file cannot be written: the cure is one that works for that reason."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from widget_backend.errors import FileRefused
from widget_backend.store.suppression_file import SuppressionFile

CURES = {
    errno.EROFS: "in a unit of systemd, name its folder in a line ReadWritePaths=",
    errno.EACCES: "let this user write there",
}


@pytest.mark.parametrize("number", CURES)
def test_the_cure_for_what_may_only_be_read_is_another_than_for_what_belongs_to_others(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with ProtectSystem=strict, where its user may write and the unit may not."""

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileRefused) as refused:
        SuppressionFile(Path("/mnt/other-disk/suppressions")).add([])
    _, cure = str(refused.value).split(". ", 1)
    assert cure.startswith(CURES[number])
