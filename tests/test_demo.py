"""The demo: who may show its form."""

from __future__ import annotations

from pathlib import Path

import pytest

from widget_backend.demo.run import prepare

LISTED = "http://127.0.0.1:8001"
"""In its site file."""


@pytest.mark.parametrize(
    ("shop", "origins"),
    [("http://127.0.0.1:9001", ("http://127.0.0.1:9001", LISTED)), (LISTED, (LISTED,))],
)
def test_the_shop_and_whoever_the_site_file_lists_may_show_the_form(
    tmp_path: Path, shop: str, origins: tuple[str, ...]
) -> None:
    demo = prepare(tmp_path, "http://127.0.0.1:9000", shop)
    demo.database.close()
    assert demo.site.site.origins == origins
