"""`demo`: the demo site with sample contacts, and a shop that embeds the widget."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.cli.group import FILE
from widget_backend.demo import run

PORT = click.IntRange(1, 65_535)


@click.command()
@click.option("--folder", type=FILE, default="var", show_default=True)
@click.option("--port", envvar="PORT", type=PORT, default=8000, show_default=True)
@click.option("--shop-port", envvar="SHOP_PORT", type=PORT, default=8001, show_default=True)
def demo(folder: Path, port: int, shop_port: int) -> None:
    """Serve the demo site with sample contacts, and a shop of another origin with the widget."""
    run.serve(folder, port, shop_port, click.echo)
