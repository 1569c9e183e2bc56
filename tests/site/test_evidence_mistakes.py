"""What a site file says for receipts."""

from __future__ import annotations

import pytest

from tests.support.small_site import Write, case, mistakes_in
from widget_backend.site.load import load_site

STAGES = '[[stages]]\nid = "now"'
EVIDENCE = """[evidence]
contact = "privacy@shop.example"
storage_duration = "Three years"
storage_location = "Frankfurt"
recipients = ["Mailer Inc."]
"""
EXPECT = 'expect = "Photographs."\n'


def declared(*changed: tuple[str, str]) -> tuple[str, str]:
    text = EVIDENCE
    for old, new in changed:
        text = text.replace(old, new)
    return STAGES, f"{text}{STAGES}"


MISTAKES = [
    case(
        "nobody to ask",
        declared(('contact = "privacy@shop.example"\n', "")),
        says="evidence.contact: is missing. add contact = ….",
    ),
    case(
        "a contact that is no address",
        declared(("privacy@shop.example", "privacy")),
        says="evidence.contact: “privacy” is not an email address. ",
    ),
    case(
        "an auditor who has no address",
        declared(("recipients =", 'checkpoints_to = ["auditor"]\nrecipients =')),
        says="evidence.checkpoints_to[0]: “auditor” is not an email address. ",
    ),
    case(
        "a purpose with its prefix",
        (EXPECT, f'{EXPECT}dpv_purpose = "dpv:Marketing"\n'),
        says="topics.news.dpv_purpose: “dpv:Marketing” is no name of a purpose. write one of "
        "https://w3id.org/dpv#purposes without its prefix, as DirectMarketing.",
    ),
]


@pytest.mark.parametrize(("replacements", "says"), MISTAKES)
def test_a_mistake_is_named(
    write: Write, replacements: tuple[tuple[str, str], ...], says: str
) -> None:
    (line,) = mistakes_in(write(*replacements))
    assert line.startswith(says)


def test_what_receipts_say_is_read(write: Write) -> None:
    site = load_site(write(declared(), (EXPECT, f'{EXPECT}dpv_purpose = "Marketing"\n'))).site
    assert site.evidence is not None
    assert site.evidence.recipients == ("Mailer Inc.",)
    assert [each.dpv_purpose for each in site.topics] == ["DirectMarketing", "Marketing"]


def test_a_site_whose_data_nobody_else_gets_says_so(write: Write) -> None:
    site = load_site(write(declared(('["Mailer Inc."]', "[]")))).site
    assert site.evidence is not None
    assert site.evidence.recipients == ()


def test_without_the_table_there_are_no_receipts(write: Write) -> None:
    assert load_site(write()).site.evidence is None
