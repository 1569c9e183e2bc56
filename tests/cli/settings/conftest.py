"""No server stays."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that should have been stopped ends at once instead of serving for ever."""
    for kind in ("BaseWSGIServer", "MultiSocketServer"):
        monkeypatch.setattr(f"waitress.server.{kind}.run", lambda server: server.close())
