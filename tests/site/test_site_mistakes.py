"""Site files that are wrong: each mistake is one line with file, key, reason and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small_site import SITE, Write, case, mistakes_in
from widget_backend.site.load import load_site

NAME = 'name = "Shop"'
LOCALES = 'locales = ["en"]'
ACCENT = 'accent = "#1f5a4c"'
BENEFIT = 'benefit = "You pay less."'
ROLES = 'roles = ["trade"]'
STAGES = '[[stages]]\nid = "now"'
GROUP = '[[groups]]\nid = "home"\nname = "Your home"\n'

MISTAKES = [
    # ── the TOML itself ──
    case(
        "a duplicate key",
        (NAME, f"{NAME}\n{NAME}"),
        says="line 3, column 14: Cannot overwrite a value. each name may stand once.",
    ),
    case(
        "broken TOML",
        (NAME, "name = ;"),
        says="line 2, column 8: Invalid value. correct the TOML there.",
    ),
    case(
        "a quotation mark that is missing",
        (NAME, 'name = "Shop'),
        says="line 2, column 13: the line ends inside a text. a quotation mark may be missing.",
    ),
    case(
        "one of the other kind",
        (NAME, "name = 'Shop"),
        says="end of document: the file ends inside a text. a quotation mark may be missing.",
    ),
    case(
        "three of them that nothing closes",
        (NAME, "name = '''Shop"),
        says="end of document: the file ends inside a text. a quotation mark may be missing.",
    ),
    case(
        "three of the usual kind",
        (NAME, 'name = """Shop'),
        says="end of document: the file ends inside a text. a quotation mark may be missing.",
    ),
    # ── keys ──
    case(
        "an unknown key that resembles one",
        (BENEFIT, f'{BENEFIT}\nchanels = ["email"]'),
        says="topics.offers.chanels: is not a known key. did you mean “channels”? "
        "Known here: id, name, benefit, expect, channels, frequencies, roles, group, dpv_purpose.",
    ),
    case(
        "an unknown key that resembles none",
        (ACCENT, f'{ACCENT}\nfont = "Arial"'),
        says="theme.font: is not a known key. remove it. Known here: logo, accent, on_accent.",
    ),
    case(
        "a missing key",
        (BENEFIT, ""),
        says="topics.offers.benefit: is missing. add benefit = ….",
    ),
    case(
        "an empty text",
        (BENEFIT, 'benefit = " "'),
        says="topics.offers.benefit: is empty. write the text, or remove the key.",
    ),
    case(
        "a row without an id",
        ('id = "offers"\n', ""),
        says="topics[0].id: is missing. add id = ….",
    ),
    case(
        "an id that cannot be one",
        ('id = "offers"', 'id = "Öffers"'),
        says="topics[0].id: “Öffers” is not an identifier. use up to 40 small Latin letters, "
        "digits, - and _, starting with a letter.",
    ),
    case(
        "an id used twice",
        ('id = "news"', 'id = "offers"'),
        says="topics: the id “offers” is used 2 times. give each its own id.",
    ),
    # ── languages ──
    case(
        "a language that nobody speaks",
        (LOCALES, 'locales = ["en", "xx"]'),
        says="locales[1]: no language “xx” is known. write it as en, sq, ar or pt-BR.",
    ),
    case(
        "a country that does not speak it",
        (LOCALES, 'locales = ["en", "en-AL"]'),
        says="locales[1]: no language “en-AL” is known. write “en” alone.",
    ),
    case(
        "a language with an underscore",
        (LOCALES, 'locales = ["en", "pt_BR"]'),
        says="locales[1]: “pt_BR” is not a language tag. write it as en, sq, ar or pt-BR.",
    ),
    case(
        "a source language that is not offered",
        (LOCALES, 'locales = ["sq"]'),
        says="locales: the source language “en” is not among them. add it.",
    ),
    # ── lists ──
    case(
        "a language listed twice",
        (LOCALES, 'locales = ["en", "en"]'),
        says="locales: “en” is listed 2 times. list it once.",
    ),
    case(
        "a channel listed twice",
        (BENEFIT, f'{BENEFIT}\nchannels = ["sms", "sms", "sms"]'),
        says="topics.offers.channels: “sms” is listed 3 times. list it once.",
    ),
    case(
        "a frequency listed twice",
        ('frequencies = ["weekly", "monthly"]', 'frequencies = ["weekly", "weekly"]'),
        says="frequencies: “weekly” is listed 2 times. list it once.",
    ),
    case(
        "a role listed twice",
        (ROLES, 'roles = ["trade", "trade"]'),
        says="topics.offers.roles: “trade” is listed 2 times. list it once.",
    ),
    case(
        "an origin listed twice",
        ('origins = ["https://shop.example"]', 'origins = ["https://a.b", "https://a.b"]'),
        says="origins: “https://a.b” is listed 2 times. list it once.",
    ),
    case(
        "an unknown channel",
        (BENEFIT, f'{BENEFIT}\nchannels = ["email", "fax"]'),
        says="topics.offers.channels[1]: “fax” is not a channel. "
        "choose one of email, sms, phone, post.",
    ),
    case(
        "a role that nobody declared",
        (ROLES, 'roles = ["press"]'),
        says="topics.offers.roles: no role is called “press”. declare it under [[roles]].",
    ),
    # ── groups ──
    case(
        "a group that nobody declared",
        (BENEFIT, f'{BENEFIT}\ngroup = "home"'),
        says="topics.offers.group: no group is called “home”. declare it under [[groups]].",
    ),
    case(
        "a group declared twice",
        (ROLES, f'{ROLES}\ngroup = "home"'),
        (STAGES, f"{GROUP}{GROUP}{STAGES}"),
        says="groups: the id “home” is used 2 times. give each its own id.",
    ),
    case(
        "a group without topics",
        (STAGES, f"{GROUP}{STAGES}"),
        says="groups.home: no topic is in it. "
        'write group = "home" under its topics, or remove the group.',
    ),
    case(
        "a group without a name",
        (ROLES, f'{ROLES}\ngroup = "home"'),
        (STAGES, f'[[groups]]\nid = "home"\n{STAGES}'),
        says="groups.home.name: is missing. add name = ….",
    ),
    # ── campaigns ──
    case(
        "a campaign without a topic",
        (STAGES, f'[[campaigns]]\nid = "c"\nsentence = "Why."\n{STAGES}'),
        says="campaigns.c.topic: is missing. add topic = ….",
    ),
    case(
        "a campaign of a topic that nobody declared",
        (STAGES, f'[[campaigns]]\nid = "c"\nsentence = "Why."\ntopic = "sale"\n{STAGES}'),
        says="campaigns.c.topic: no topic is called “sale”. "
        "name the topic that people leave who leave this.",
    ),
    case(
        "a campaign for a segment that nobody declared",
        (
            STAGES,
            '[[campaigns]]\nid = "c"\nsentence = "Why."\ntopic = "news"\nsegment = "all"\n'
            + STAGES,
        ),
        says="campaigns.c.segment: no segment is called “all”. declare it under [[segments]].",
    ),
    case(
        "a segment built on what there is not",
        (STAGES, f'[[segments]]\nid = "s"\nsentence = "Why."\nbuilt_on = ["gut"]\n{STAGES}'),
        says="segments.s.built_on[0]: “gut” is not a source. "
        "choose one of choices, answers, purchases.",
    ),
    case(
        "an address for unsubscribing that is none",
        ('id = "shop"', 'id = "shop"\nunsubscribe_mail = "leave"'),
        says="unsubscribe_mail: “leave” is not an email address. write it like hello@shop.example.",
    ),
    # ── topics ──
    *(
        case(
            f"a topic called {name}",
            ('id = "news"', f'id = "{name}"'),
            says=f"topics.{name}.id: “{name}” is a column of exports already. choose another id.",
        )
        for name in ("email", "language", "status", "paused_until", "phone", "person", "erased")
    ),
]


@pytest.mark.parametrize(("replacements", "says"), MISTAKES)
def test_a_mistake_is_one_line_that_helps(
    replacements: tuple[tuple[str, str], ...], says: str, write: Write
) -> None:
    assert mistakes_in(write(*replacements)) == [says]


def test_the_small_site_is_right(write: Write) -> None:
    site = load_site(write())
    assert site.flaws == ()
    assert [stage.id for stage in site.site.stages] == ["now", "home", "people"]


def test_several_mistakes_are_told_at_once(write: Write) -> None:
    """Of the schema and of what fits together, and nothing that only follows from another."""
    file = write(
        (BENEFIT, 'chanels = ["sms"]'),  # offers is wrong, and not judged further …
        ('id = "trade"', 'id = "T"'),  # … nor is anybody told that no role is called “trade”
        (ACCENT, "accent = 3"),
        (LOCALES, 'locales = ["sq"]'),
        ('questions = ["household"]', 'questions = ["rooms"]'),
        ('benefit = "You know first."', 'benefit = ""'),
        ('expect = "Photographs."', 'expect = "Photographs."\nroles = ["press"]'),
    )
    assert [line.partition(". ")[0] for line in mistakes_in(file)] == [
        "theme.accent: is a number, not a text",
        "roles[0].id: “T” is not an identifier",
        "topics.offers.benefit: is missing",
        "topics.offers.chanels: is not a known key",
        "topics.news.benefit: is empty",
        "locales: the source language “en” is not among them",
        "stages: “rooms” is asked in 2 stages",
        "stages: “household” is asked in 0 stages",
    ]


def test_what_does_not_depend_on_a_mistake_is_told_with_it(write: Write) -> None:
    file = write(('name = "News"', 'name = ""'), (ROLES, 'roles = ["press"]'))
    assert [line.partition(": ")[0] for line in mistakes_in(file)] == [
        "topics.news.name",
        "topics.offers.roles",
    ]


def test_a_row_whose_id_is_used_twice_is_named_by_its_place(write: Write) -> None:
    file = write(('id = "news"', 'id = "offers"'), (BENEFIT, ""))
    assert mistakes_in(file) == [
        "topics[0].benefit: is missing. add benefit = ….",
        "topics: the id “offers” is used 2 times. give each its own id.",
    ]


def test_while_a_topic_is_wrong_no_group_is_called_empty(write: Write) -> None:
    """That topic may be the one that is in it."""
    file = write((BENEFIT, 'group = "home"'), (STAGES, f"{GROUP}{STAGES}"))
    assert mistakes_in(file) == ["topics.offers.benefit: is missing. add benefit = …."]


def test_topics_stand_in_the_order_of_their_groups(write: Write) -> None:
    groups = "".join(f'[[groups]]\nid = "{each}"\nname = "{each}"\n' for each in ("b", "a"))
    third = '[[topics]]\nid = "{}"\nname = "More"\nbenefit = "More."\nexpect = "More."\n{}\n'
    more = third.format("letters", 'group = "b"') + third.format("tips", "")
    file = write((ROLES, f'{ROLES}\ngroup = "a"'), (STAGES, f"{groups}{more}{STAGES}"))
    order = [(topic.id, topic.group) for topic in load_site(file).site.topics]
    assert order == [("news", None), ("tips", None), ("letters", "b"), ("offers", "a")]


def test_each_topic_without_a_channel_is_named(write: Write) -> None:
    cure = "list them here, or once for all topics at the top as channels = […]"
    assert mistakes_in(write(('channels = ["email", "post"]\n', ""))) == [
        f"topics.{topic}.channels: is missing or empty. {cure}." for topic in ("offers", "news")
    ]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "SITE.toml"
    file.write_text(SITE, encoding="utf-8-sig")
    assert load_site(file).id == "shop"


def test_a_site_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "SITE.toml"
    file.write_bytes(SITE.replace("Town", "Tiranë").encode("cp1252"))
    assert mistakes_in(file) == ["line 7: is not UTF-8. save it as UTF-8."]
