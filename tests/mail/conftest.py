"""A mail server for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from inboxes import Inbox, listening


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening(Inbox()) as inbox:
        yield inbox
