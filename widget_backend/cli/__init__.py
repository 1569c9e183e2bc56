"""The command `preference-widget`: one subcommand for each job.

Errors are one line that names file, key and cure; long work shows progress on a terminal and
stays quiet in a pipe.
"""

from __future__ import annotations

import click

from widget_backend.cli import (
    campaigns,
    contacts,
    doctor,
    importing,
    mail,
    people,
    server,
    site,
    widget,
)
from widget_backend.cli.usage import OneLineErrors


@click.group(name="preference-widget", cls=OneLineErrors)
@click.version_option(package_name="preference-widget")
def main() -> None:
    """The preference centre: people say how they want to be contacted, senders keep to it."""


for room in (site, importing, contacts, people, campaigns, mail, server, widget, doctor):
    for command in room.COMMANDS:
        main.add_command(command)
