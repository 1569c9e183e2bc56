"""Commands for the widget's script and for whoever pastes it."""

from __future__ import annotations

import click

from widget_backend.pages.versions import release as freeze


@click.command()
@click.option("--minor", is_flag=True, help="It can something new: v1.1.0 and not v1.0.1.")
def release(minor: bool) -> None:
    """Freeze the widget's script as the next version, for owners to pin by its hash.

    For whoever publishes this software: commit what it writes to widget/released/.
    """
    made = freeze(minor)
    if made is None:
        click.echo("Nothing to release: the script is the same as in a version that is frozen.")
        return
    name, hash_ = made
    click.echo(f"{name} {hash_}")


COMMANDS: tuple[click.Command, ...] = (release,)
