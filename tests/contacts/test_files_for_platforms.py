"""`export --for`: files that a mail platform can load, and that nobody is written to against their
word because of."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, NEWS, OFF, OFFERS, Run, say
from tests.support.exports import exported
from widget_backend.contacts.platform import Status
from widget_backend.contacts.platform_output import STATUSES, WRITTEN
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Identity
from widget_backend.store.new_contacts import NewContact, create_contacts

MAP = """
[topics]
"Offers, weekly" = "offers"
"Offers of 2019" = "offers"
[lists]
"Lajmë" = "news"
"""
READ_BACK = MAP.replace("[lists]\n", "")
PAUSED = {"reach": "paused", "until": "2999-01-01"}
LESS = {"reach": "less", "until": None}
ONE_STATUS = {"mailchimp", "listmonk"}

Add = Callable[..., None]
For = Callable[..., bytes]

each_platform = pytest.mark.parametrize("platform", sorted(WRITTEN))


@pytest.fixture
def add(database: Database, tables: None) -> Add:
    """Somebody comes in, and says what they want."""

    def come(
        email: str, *, bounced: bool = False, written: str | None = None, **wanted: Any
    ) -> None:
        with write_transaction(database):
            create_contacts(
                database, "shop", 1, [NewContact(email, (), 1 if bounced else None, written)]
            )
        topics = {f"topic:{name}": each for name, each in wanted.items() if name != "overall"}
        overall = {"overall": wanted["overall"]} if wanted.get("overall") else {}
        say(
            database,
            {**{name: each for name, each in topics.items() if each}, **overall},
            email=email,
        )

    return come


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    file = tmp_path / "tags.toml"
    file.write_text(MAP, encoding="utf-8")
    return file


@pytest.fixture
def written_for(run: Run, site_file: Path, map_file: Path) -> For:
    """The bytes of a file for a platform."""

    def write(platform: str, *options: Any) -> bytes:
        result = run("export", site_file, "--for", platform, "--map", map_file, *options)
        assert result.exit_code == 0, result.output
        return result.stdout_bytes

    return write


def statuses_of(platform: str) -> tuple[tuple[str, ...], ...]:
    """The options of each file that a platform needs."""
    return tuple(("--status", each) for each in STATUSES) if platform in ONE_STATUS else ((),)


# ── everyone comes back as they were ────────────────────────────────────────────────────────

CHOICES = [*product((None, OFF, PAUSED, LESS), (None, True, False), (None, True, False), (0, 1))]


def wanted_there(platform: str, choice: tuple[Any, ...]) -> tuple[str, set[str]]:
    """Status and topics by email of somebody whom the platform knows: the rule, once more."""
    overall, offers, news, bounced = choice
    if bounced and overall != OFF:
        return ("undeliverable" if platform == "mailchimp" else "unsubscribed"), set()
    topics = {name for name, on in (("offers", offers), ("news", news)) if on}
    return ("subscribed", topics) if topics and not overall else ("unsubscribed", set())


@each_platform
def test_what_is_written_is_read_back_by_its_own_reader(
    platform: str, run: Run, add: Add, written_for: For, site_file: Path, tmp_path: Path
) -> None:
    for at, (overall, offers, news, bounced) in enumerate(CHOICES):
        choices = {
            "offers": None if offers is None else {**OFFERS, "on": offers},
            "news": None if news is None else {**NEWS, "on": news},
        }
        add(f"a{at}@example.com", bounced=bool(bounced), overall=overall, **choices)
    other = tmp_path / "other.toml"
    other.write_text(site_file.read_text("utf-8").replace('"shop"', '"other"', 1), "utf-8")
    tags = tmp_path / "read.toml"
    tags.write_text(READ_BACK, encoding="utf-8")
    for options in statuses_of(platform):
        file = tmp_path / "there.csv"
        file.write_bytes(written_for(platform, *options))
        how = ("--platform", platform, "--map", tags, "--consent", "chosen on our pages")
        result = run("import", other, file, *how)
        assert ", 0 rejected" in result.output
        assert "warning" not in result.output
    before = {row["email"]: row for row in exported(run, site_file)}
    back = {row["email"]: row for row in exported(run, other)}
    assert len(back) == len(CHOICES)
    for at, choice in enumerate(CHOICES):
        row = back[f"a{at}@example.com"]
        topics = {name for name in ("offers", "news") if row[name] not in {"", "off"}}
        assert (row["status"], topics) == wanted_there(platform, choice), choice
        for topic in topics:
            assert row[topic] == before[row["email"]][topic]


# ── bytes ───────────────────────────────────────────────────────────────────────────────────

BYTES: dict[tuple[str, Status | None], str] = {
    ("mailchimp", "subscribed"): (
        'Email Address,TAGS\nArta@Example.com,"""Offers, weekly"",""Lajmë"""\n'
    ),
    ("mailchimp", "unsubscribed"): "Email Address,UNSUB_TIME,TAGS\nben@example.com,,\n",
    ("mailchimp", "undeliverable"): "Email Address,CLEAN_TIME,TAGS\nc@example.com,,\n",
    ("hubspot", None): (
        "Email,Unsubscribed from all email,Tags\n"
        'Arta@Example.com,false,"Offers, weekly;Lajmë"\n'
        "ben@example.com,true,\n"
        "c@example.com,true,\n"
    ),
    ("brevo", None): (
        "EMAIL;EMAIL_BLACKLISTED;TAGS\n"
        'Arta@Example.com;No;"""Offers, weekly"",""Lajmë"""\n'
        "ben@example.com;Yes;\n"
        "c@example.com;Yes;\n"
    ),
    ("listmonk", "subscribed"): (
        "email,status,attributes\n"
        'Arta@Example.com,enabled,"{""tags"": [""Offers, weekly"", ""Lajmë""]}"\n'
    ),
    ("listmonk", "unsubscribed"): (
        'email,status,attributes\nben@example.com,blocklisted,"{""tags"": []}"\n'
    ),
    ("listmonk", "undeliverable"): (
        'email,status,attributes\nc@example.com,blocklisted,"{""tags"": []}"\n'
    ),
    ("klaviyo", None): (
        "\ufeffEmail,Email Marketing Consent,Tags\r\n"
        'Arta@Example.com,SUBSCRIBED,"""Offers, weekly"",""Lajmë"""\r\n'
        "ben@example.com,UNSUBSCRIBED,\r\n"
        "c@example.com,UNSUBSCRIBED,\r\n"
    ),
}


@pytest.mark.parametrize(("platform", "status"), BYTES)
def test_a_file_has_the_columns_words_separator_and_encoding_of_the_platform(
    platform: str, status: Status | None, add: Add, written_for: For
) -> None:
    add(ARTA, written="Arta@Example.com", offers=OFFERS, news=NEWS)
    add(BEN, offers=OFFERS, overall=OFF)
    add("c@example.com", bounced=True, offers=OFFERS)
    options = ("--status", status) if status else ()
    assert written_for(platform, *options) == BYTES[platform, status].encode()


def test_a_file_is_looked_at_for_every_platform() -> None:
    assert {platform for platform, _ in BYTES} == {*WRITTEN}


def test_no_cell_is_guarded_and_the_last_line_says_so(
    run: Run, site_file: Path, map_file: Path, add: Add
) -> None:
    map_file.write_text('[topics]\n"+355 Club" = "offers"\n', encoding="utf-8")
    add(ARTA, offers=OFFERS)
    result = run("export", site_file, "--for", "klaviyo", "--map", map_file)
    assert ',"""+355 Club"""' in result.stdout
    map_file.write_text('[topics]\n"=1+1" = "offers"\n', encoding="utf-8")
    result = run("export", site_file, "--for", "hubspot", "--map", map_file)
    assert ",=1+1\n" in result.stdout
    last = result.stderr.splitlines()[-1]
    assert last.startswith("No cell is guarded against formulas")
    assert "only if you trust whoever wrote the names" in last


# ── who is subscribed ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wanted",
    [
        {"offers": OFFERS, "overall": PAUSED},
        {"offers": OFFERS, "overall": LESS},
        {"offers": {**OFFERS, "on": False}},
        {"calls": {**OFFERS, "channel": "phone"}},
        {"offers": {**OFFERS, "channel": "sms"}},
        {"trade-lists": OFFERS},
        {},
    ],
    ids=["paused", "less", "off", "phone", "sms", "no-tag", "nothing"],
)
def test_nobody_is_subscribed_who_wants_no_email_that_is_sent_there(
    wanted: dict[str, Any], run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, **wanted)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert result.stdout == "EMAIL;EMAIL_BLACKLISTED;TAGS\narta@example.com;Yes;\n"
    reason = {"paused": "paused", "less": "who want fewer messages"}.get(
        wanted.get("overall", {}).get("reach", ""), "with no topic that is sent there"
    )
    assert f"shop for Brevo: 1 unsubscribed (of whom 1 {reason}).\n" in result.stderr


def test_a_pause_that_is_over_is_none(add: Add, written_for: For) -> None:
    add(ARTA, offers=OFFERS, overall={"reach": "paused", "until": "2020-01-01"})
    assert b"arta@example.com;No;" in written_for("brevo")


def test_an_address_that_nobody_confirmed_is_left_out_and_counted(
    run: Run, database: Database, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    add(BEN, offers=OFFERS)
    Identity.update(confirmed=False).where(Identity.value == ARTA).execute(database)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert ARTA not in result.stdout
    counts = "1 subscribed; not in the file 1 without a confirmed address.\n"
    assert f"shop for Brevo: {counts}" in result.stderr


def test_a_topic_without_a_tag_is_told_in_one_line(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    (line,) = (line for line in result.stderr.splitlines() if "has no tag for" in line)
    assert line.startswith(f"warning: {map_file} has no tag for “trade-lists”.")


def test_a_list_with_the_name_of_another_topics_tag_is_no_tag(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    tables = '[topics]\n"Club" = "offers"\n[lists]\n"Club" = "news"\n'
    map_file.write_text(tables, encoding="utf-8")
    add(ARTA, news=NEWS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert "arta@example.com;Yes;\n" in result.stdout
    assert "has no tag for “news”, “trade-lists”" in result.stderr


def test_who_wants_a_topic_less_often_is_counted(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers={**OFFERS, "frequency": "monthly"})
    add(BEN, offers=OFFERS, news=NEWS)
    add("c@example.com", offers=OFFERS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert "want a topic less often than it usually comes (1)." in result.stderr


# ── what cannot be written is told before anything is ───────────────────────────────────────


@pytest.mark.parametrize("platform", sorted(ONE_STATUS))
def test_a_platform_that_loads_one_status_at_a_time_needs_it_named(
    platform: str, run: Run, site_file: Path, map_file: Path
) -> None:
    result = run("export", site_file, "--for", platform, "--map", map_file)
    assert result.exit_code == 2
    assert "--status subscribed or unsubscribed or undeliverable" in result.output


def test_one_status_says_how_many_others_there_are(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    add(BEN, overall=OFF)
    options = ("--for", "mailchimp", "--map", map_file, "--status", "subscribed")
    result = run("export", site_file, *options)
    assert "shop for Mailchimp: 1 subscribed; not in the file 1 unsubscribed.\n" in result.stderr


def test_without_tags_only_the_only_topic_can_be_told(
    run: Run, add: Add, site_file: Path, shrink: Callable[[str], None]
) -> None:
    add(ARTA, offers=OFFERS)
    result = run("export", site_file, "--for", "brevo")
    assert result.exit_code == 2
    assert "shop has 3 topics by email, and nothing says which is which there" in result.output
    text = site_file.read_text("utf-8")
    first, offers, *_ = text.split("[[topics]]")
    site_file.write_text(f"{first}[[topics]]{offers}", encoding="utf-8")
    result = run("export", site_file, "--for", "brevo")
    assert result.stdout == "EMAIL;EMAIL_BLACKLISTED;TAGS\narta@example.com;No;\n"


def test_tags_that_no_field_of_the_platform_holds_are_refused_with_how_many_people_have_them(
    run: Run, add: Add, site_file: Path, map_file: Path, tmp_path: Path
) -> None:
    names = {"offers": "O" * 130, "news": "N" * 130}
    tags = "\n".join(f'"{tag}" = "{topic}"' for topic, tag in names.items())
    map_file.write_text(f"[topics]\n{tags}\n", encoding="utf-8")
    add(ARTA, offers=OFFERS)
    out = tmp_path / "there.csv"
    options = ("--for", "mailchimp", "--map", map_file, "--status", "subscribed", "-o", out)
    assert run("export", site_file, *options).exit_code == 0
    out.unlink()
    add(BEN, offers=OFFERS, news=NEWS)
    result = run("export", site_file, *options)
    assert result.exit_code == 1
    assert "the tags of some people (1) have over 255 characters together" in result.output
    assert not out.exists()
    left = (*options[:5], "unsubscribed", "-o", out)
    assert run("export", site_file, *left).exit_code == 0
    hubspot = ("--for", "hubspot", "--map", map_file, "-o", out)
    assert run("export", site_file, *hubspot).exit_code == 0


@pytest.mark.parametrize(
    ("platform", "tag"), [("hubspot", "A;B"), ("brevo", "A\\nB"), ("klaviyo", " A")]
)
def test_a_tag_that_would_be_another_one_there_is_refused(
    platform: str, tag: str, run: Run, site_file: Path, map_file: Path
) -> None:
    map_file.write_text(f'[topics]\n"{tag}" = "offers"\n', encoding="utf-8")
    result = run("export", site_file, "--for", platform, "--map", map_file)
    assert result.exit_code == 1
    assert "of the topic “offers” cannot be written for" in result.output
    assert result.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--for", "brevo", "--fields", "all"),
        ("--for", "brevo", "--format", "ndjson"),
        ("--for", "brevo", "--cursor", "start"),
        ("--for", "brevo", "--since", "2026-01-01"),
        ("--status", "subscribed"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: tuple[str, ...], run: Run, site_file: Path
) -> None:
    result = run("export", site_file, *options)
    assert result.exit_code == 2
    assert "--for" in result.output


def test_the_map_is_never_overwritten(run: Run, site_file: Path, map_file: Path) -> None:
    result = run("export", site_file, "--for", "brevo", "--map", map_file, "-o", map_file)
    assert "it is read here" in result.output
    assert map_file.read_text("utf-8") == MAP
