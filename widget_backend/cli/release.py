"""`release`: freezes the widget's script as the next version."""

from __future__ import annotations

import click

from widget_backend.embed.releases import current_version, freeze_script


@click.command()
@click.option("--minor", is_flag=True, help="It adds a feature: v1.1.0 instead of v1.0.1.")
def release(minor: bool) -> None:
    """Freeze the widget's script as the next version, for owners to pin by its hash.

    It goes to released/ in WIDGET_FOLDER. Without that setting it is for those who publish this
    software, in a checkout: commit the files it writes to widget/released/.
    """
    if already := current_version():
        click.echo(f"Nothing to release: the script is {already}.")
    else:
        click.echo(" ".join(freeze_script(minor)))
