"""Commands for the widget's script and for whoever pastes it."""

from __future__ import annotations

from html import escape
from pathlib import Path

import click

from widget_backend.cli.usage import FILE
from widget_backend.errors import FileRefused
from widget_backend.locales import language
from widget_backend.pages.versions import integrity, released, released_folder
from widget_backend.pages.versions import release as freeze
from widget_backend.pages.words import invitation
from widget_backend.site.load import load_site
from widget_backend.site.model import Site


@click.command()
@click.argument("site_file", type=FILE)
@click.option("--lang", help="Language of the form. Default: the site’s own.")
@click.option("--pin", is_flag=True, help="Name the newest frozen version, by its hash.")
def snippet(site_file: Path, lang: str | None, pin: bool) -> None:
    """Write what to paste into a page that shows the form of SITE_FILE to strangers."""
    site = load_site(site_file)
    tag = lang or site.site.source_language
    if tag not in site.in_locale:
        cure = f"choose one of {', '.join(site.site.locales)}"
        raise FileRefused(str(site_file), f"--lang {tag}: the site does not speak it", cure)
    if not site.site.origins:
        reason = "origins: it is empty, so that only the link will show"
        click.echo(f"warning: {site_file}: {reason}. list the origin of your page.", err=True)
    click.echo(_snippet(site.in_locale[tag], tag, _script(site.site.url, pin)))


def _script(url: str, pin: bool) -> str:
    if not pin:
        return f'<script type="module" src="{url}/widget/v1.js"></script>'
    name = released()[-1]
    told = integrity((released_folder() / name).read_bytes())
    address = f'src="{url}/widget/{name}"'
    return f'<script type="module" crossorigin {address} integrity="{told}"></script>'


def _snippet(site: Site, tag: str, script: str) -> str:
    home = f"{site.url}/s/{site.id}"
    text = invitation(language(tag), site)
    return f"""\
<!-- Into the <head>: -->
<link rel="preload" as="fetch" crossorigin href="{home}/fragment?lang={tag}">
{script}

<!-- Where the form should appear: -->
<preference-widget src="{home}" lang="{tag}">
  <a href="{home}?lang={tag}">{escape(text)}</a>
</preference-widget>

<!-- Into your style sheet, with the height that you measured:
preference-widget {{ display: block; min-block-size: 40rem }}
If your page has a Content Security Policy, add to two directives:
script-src {site.url}; connect-src {site.url} -->"""


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


COMMANDS: tuple[click.Command, ...] = (snippet, release)
