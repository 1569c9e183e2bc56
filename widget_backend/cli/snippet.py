"""`snippet`: what to paste into a page to show the form."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.cli.group import SITE_FILE
from widget_backend.embed import snippets
from widget_backend.embed.snippets import MODES, VIEWS, Choice, Mode, View
from widget_backend.errors import FileRefused
from widget_backend.site.load import load_site
from widget_backend.site.model import Site


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option("--lang", help="Language of the form. Default: the site’s own.")
@click.option(
    "--view",
    type=click.Choice(VIEWS),
    default="sign-up",
    show_default=True,
    help="What the form is for; all but sign-up is for people whom your page knows.",
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="inline",
    show_default=True,
    help="In the page, in a dialog behind a link, or as a small card.",
)
@click.option("--pin", is_flag=True, help="Name the newest frozen version, by its hash.")
def snippet(site_file: Path, lang: str | None, view: View, mode: Mode, pin: bool) -> None:
    """Write what to paste into a page that shows the form of SITE_FILE.

    The page /s/…/snippet of the serving backend shows the same lines with previews, and measures
    the height to reserve.
    """
    site = load_site(site_file)
    tag = lang or site.site.source_language
    if tag not in site.in_locale:
        cure = f"choose one of {', '.join(site.site.locales)}"
        raise FileRefused(str(site_file), f"--lang {tag}: the site does not speak it", cure)
    if view == "questions" and not site.site.stages:
        cure = "declare [[questions]] and [[stages]] first"
        raise FileRefused(str(site_file), "--view questions: the site asks none", cure)
    if not site.site.origins:
        reason = "origins: it is empty, so that only the link will show"
        click.echo(f"warning: {site_file}: {reason}. list the origin of your page.", err=True)
    click.echo(_snippet(site.in_locale[tag], Choice(tag, mode, view, pin)))


def _snippet(site: Site, choice: Choice) -> str:
    parts = [
        f"<!-- Into the <head>: -->\n{snippets.head_lines(site, choice)}",
        f"<!-- Where the form should appear: -->\n{snippets.element(site, choice)}",
    ]
    if choice.is_personal:
        parts.append(f"<!-- A file of your own, account.js:\n{snippets.ACCOUNT}\n-->")
    if choice.mode == "inline":
        page = f"{snippets.hosted_url(site)}/snippet"
        where = f"Into your style sheet, with the height of your form ({page} measures it)"
        parts.append(f"<!-- {where}:\n{snippets.height_rule()} -->")
    where = (
        "If your page has a Content Security Policy, add to two directives (if it does not have "
        "one of them, start that with what default-src says)"
    )
    parts.append(f"<!-- {where}:\n{snippets.csp_directives(site)} -->")
    return "\n\n".join(parts)
