"""What `check` warns of in a site that can be served, as far as its files tell it."""

from __future__ import annotations

from collections.abc import Iterator

from widget_backend.errors import Mistake
from widget_backend.i18n.languages import catalogs_for, language
from widget_backend.installation import text_file
from widget_backend.rules.law import law_in
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.site.channels import CHANNELS
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site
from widget_backend.site.theme import contrast_findings
from widget_backend.site.todo import todo
from widget_backend.site.toml import read_toml


def flaws_of(site: SiteInLanguages) -> Iterator[Mistake]:
    """What people would see: texts without a translation or with a wrong one, missing catalogs of
    our own words, and colours that are hard to read."""
    yield from site.flaws
    file = str(site.site.file)
    for locale in site.site.locales:
        if not catalogs_for(locale):
            reason = f"there is no catalog of our own words for “{locale}”: people read English"
            cure = f"translate them: see {text_file('translations/README.md')}"
            yield Mistake(file, "locales", reason, cure)
    for finding in contrast_findings(site.site.theme):
        yield Mistake(file, *finding)


def remarks_on(site: Site) -> Iterator[Mistake]:
    """What people would not see, or what only its owner can judge."""
    yield from todo(site)
    yield from _unknown_laws(site)
    yield from _undecided(site)


def _unknown_laws(site: Site) -> Iterator[Mistake]:
    for country in site.countries:
        if law_in(country) is None:
            name = language("en").country(country)
            reason = f"the law of {name} is not known here: the strictest of all laws is taken"
            yield Mistake(str(site.file), "countries", reason, "ask a lawyer what holds there")


def _undecided(site: Site) -> Iterator[Mistake]:
    """That nothing goes to a number that people type is to be a choice of the site's owner."""
    offered = [each for each in CHANNELS if CONTACT_FOR.get(each) == "phone"]
    offered = [each for each in offered if any(each in topic.channels for topic in site.topics)]
    if offered and "unverified_numbers" not in read_toml(site.file):
        reason = (
            f"missing, while topics come by {' and '.join(offered)}: nothing will go to a number "
            "that a person types, since nobody has confirmed it"
        )
        cure = (
            "write true to send to such numbers, or false to send only to those that an import "
            "confirms (--phone-evidence)"
        )
        yield Mistake(str(site.file), "unverified_numbers", reason, cure)
