"""What tests with a proxy share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not in tmp_path: the path of a Unix socket may have 107 characters only."""
    path = Path(tempfile.mkdtemp(prefix="proxy-"))
    yield path
    shutil.rmtree(path)
