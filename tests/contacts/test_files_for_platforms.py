"""`export --for`: files that a mail platform can load, and that nobody is written to against their
word because of."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.contacts import ARTA, BEN, LESS, NEWS, OFF, OFFERS, PAUSED, Run
from tests.support.exports import MAP, ONE_STATUS, Add, For, exported
from widget_backend.contacts.platform import Status
from widget_backend.contacts.platform_output import STATUSES, WRITTEN
from widget_backend.contacts.recognise import recognise

READ_BACK = MAP.replace("[lists]\n", "")

each_platform = pytest.mark.parametrize("platform", sorted(WRITTEN))


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


@pytest.mark.parametrize(("platform", "status"), BYTES)
def test_a_file_that_comes_back_is_known_by_its_columns(
    tmp_path: Path, platform: str, status: Status | None
) -> None:
    file = tmp_path / "back.csv"
    file.write_bytes(BYTES[platform, status].encode())
    has_no_mark = (platform, status) == ("mailchimp", "subscribed")
    assert recognise(file).id == ("list" if has_no_mark else platform)


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
