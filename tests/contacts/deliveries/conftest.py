"""A shop with two campaigns that knows Arta."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.contacts import ARTA, Run
from tests.support.deliveries import HEADER, Report


@pytest.fixture
def report(run: Run, site_file: Path, tmp_path: Path) -> Report:
    """Bring in deliveries of Arta's, one row each; returns what is printed."""
    file = tmp_path / "known.csv"
    file.write_text(
        f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},2024-01-01,\n", encoding="utf-8"
    )
    run("import", site_file, file, "--topic", "offers")
    for name, topic in (("spring", "offers"), ("digest", "news")):
        run("campaigns", "add", site_file, name, "--topic", topic, "--sentence", "You asked.")

    def bring(*rows: str, header: str = HEADER, options: tuple[Any, ...] = ()) -> str:
        deliveries = tmp_path / "sent.csv"
        deliveries.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return run("deliveries", site_file, deliveries, *options).output

    return bring
