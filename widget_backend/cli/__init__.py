"""The command `preference-widget`: one subcommand for each job.

Errors are one line that names file, key and cure; long work shows progress on a terminal and
stays quiet in a pipe.
"""

from __future__ import annotations

import click

from widget_backend.cli.group import LazyGroup

COMMANDS = {
    "audience": (
        "audience:audience_command",
        "Write those who may hear of a campaign now, with their links.",
    ),
    "backup": ("backup:backup", "Write a copy of the database, while the server runs."),
    "campaigns": ("campaigns:campaigns", "Register a campaign before it goes out, or list them."),
    "check": ("check:check", "Say whether a site file can be served."),
    "contact": ("contact:contact", "Show one person, and do what they ask the staff for."),
    "context": ("context:context", "Say what a person is busy with, or see it."),
    "decide": ("decide:decide", "Say whether a message may go to a person, and why."),
    "deliveries": ("deliveries:deliveries", "Read what was sent, and what became of it."),
    "demo": ("demo:demo", "Serve the demo site and a shop that embeds the widget."),
    "doctor": (
        "doctor:doctor",
        "Say what keeps the form from a live page, or what is wrong with the server.",
    ),
    "due": ("due:due", "Say what people asked for by phone or letter, and until when it is due."),
    "evidence": ("evidence:evidence", "Sign what was recorded, and check that nothing changed."),
    "export": ("export:export", "Write everyone's current choices as CSV."),
    "import": (
        "import_contacts:import_contacts",
        "Bring in contacts from a file of another platform.",
    ),
    "inbound": ("inbound:inbound", "Unsubscribe the sender of a message on standard input."),
    "init": ("init:init", "Write a new site: a commented site file with its translations."),
    "law": ("law:law", "Say which law holds for whom, and where each of its rules stands."),
    "links": ("links:links", "Add signed links to a CSV file of contacts."),
    "mail-check": ("mail_check:mail_check", "Say what a finished bulk message still lacks."),
    "migrate": ("migrate:migrate", "Create the tables of the database, or update them."),
    "plan": ("plan:plan", "Say what the campaigns of the coming weeks would bring to people."),
    "preview": ("preview:preview", "Serve a site with sample people, to look at it."),
    "reasons": ("reasons:reasons", "Say how many people left, and why."),
    "release": ("release:release", "Freeze the widget's script as the next version."),
    "reload": ("reload:reload", "Have the running server read its site files anew."),
    "restore": ("restore:restore", "Make a backup the database again."),
    "revoke": ("revoke:revoke", "Cancel the links that were mailed to an address."),
    "runs": ("runs:runs", "List the imports of a site: when, by whom, and how many came in."),
    "serve": ("serve:serve", "Serve the sites named by WIDGET_SITES."),
    "snippet": ("snippet:snippet", "Write what to paste into a page to show the form."),
    "translations": ("translations:translations", "Update or check the catalogs of translations."),
    "worker": ("worker:worker", "Send letters and do what is due, beside serve --no-worker."),
}
"""By name: the place of the command in this folder, and the line that `--help` shows.

Only the command that is called is imported, so that `--help` does not wait for a web framework.
"""


@click.group(name="preference-widget", cls=LazyGroup, commands_in=COMMANDS)
@click.version_option(package_name="preference-widget")
def main() -> None:
    """The preference centre: people say how they want to be contacted, senders keep to it."""
