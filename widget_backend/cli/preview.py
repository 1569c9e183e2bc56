"""`preview`: a site as it will look, with sample people, its mail, and a page that embeds it."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from widget_backend.calling import calling
from widget_backend.cli.demo import PORT
from widget_backend.cli.group import FILE, SITE_TOML
from widget_backend.errors import FileRefused
from widget_backend.preview import run
from widget_backend.preview.run import Port, Preview


@click.command()
@click.argument("folder", type=FILE)
@click.option("--port", type=PORT, default=8000, show_default=True, help="Of the form.")
@click.option(
    "--website-port", type=PORT, default=8001, show_default=True, help="Of the website around it."
)
@click.option("--data", type=FILE, help="Folder for its database. Default: var in FOLDER.")
def preview(folder: Path, port: int, website_port: int, data: Path | None) -> None:
    """Serve the site in FOLDER with sample people in each of its languages.

    What you change in its files is there at the next request. Nothing is sent: letters are on a
    page.
    """
    file = site_file(folder)
    ports = (Port(port, "--port"), Port(website_port, "--website-port"))

    def typed(port: int, website_port: int) -> str:
        chosen = ["--port", str(port), "--website-port", str(website_port)]
        kept = ["--data", str(data)] if data else []
        return calling(shlex.join(["preview", str(folder), *chosen, *kept]))

    run.serve(Preview, file, data or file.parent / "var", ports, click.echo, typed)


def site_file(path: Path) -> Path:
    """The site file that is meant by a path. Raises FileRefused for a folder without one."""
    if path.suffix == ".toml" and not path.is_dir():
        return path
    if not path.is_dir():
        cure = f"correct its name, or make it with {calling('init')}"
        raise FileRefused(str(path), "there is no such folder", cure)
    file = path / SITE_TOML
    if not file.exists():
        cure = f"make one with {calling('init')}, or name a folder in {path} that has one"
        raise FileRefused(str(path), "there is no SITE.toml in it", cure)
    return file
