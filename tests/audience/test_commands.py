"""`links`, `export` and what all commands for contacts have in common."""

from __future__ import annotations

import csv
import io
import os
import pty
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from peewee import Database

from widget_backend.audience.exports import write_choices
from widget_backend.audience.linking import URLS, Linking
from widget_backend.audience.outputs import Rejects, output
from widget_backend.audience.tables import open_table
from widget_backend.errors import FileRefused, LinkWrongPurpose
from widget_backend.links import PATHS, Purpose, Signer
from widget_backend.rules.state import AS_CHOSEN, State, difference
from widget_backend.site.model import Site
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import Circumstances, shown
from widget_backend.store.models import Identity
from widget_backend.store.profiles import create_profile, read_person
from widget_backend.store.saves import save

Export = Callable[..., Path]
Run = Callable[..., Result]

ARTA = "arta@example.com"
LINKS = [
    "preferences_url",
    "unsubscribe_url",
    "questions_url",
    "list_unsubscribe",
    "list_unsubscribe_post",
]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def say(database: Database, email: str, wanted: State) -> None:
    person = find_contacts(database, "shop", [email])[email].person
    how = Circumstances(1_790_000_000, "hosted", shown("shop", "en", {}))
    save(database, person, difference(person.state, wanted), how)


def table_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ── links ───────────────────────────────────────────────────────────────────────────────────


def test_a_random_contacts_links_lead_to_them_each_for_one_purpose(
    run: Run, database: Database, site_file: Path, export_of: Export, key: str
) -> None:
    file = export_of("subscribed", *(f"a{number}@example.com" for number in range(40)))
    run("import", site_file, file)
    say(database, "a7@example.com", {"language": "sq"})
    result = run("links", site_file, file)
    rows = table_of(result.stdout)
    assert [row["Email Address"] for row in rows] == [
        f"a{number}@example.com" for number in range(40)
    ]
    for row in [rows[7], random.choice(rows)]:
        email = row["Email Address"]
        wanted = find_contacts(database, "shop", [email])[email].person.id
        for column, purpose in URLS.items():
            link = Signer([key]).read(purpose, token_of(row[column], purpose))
            assert read_person(database, link.site, link.handle).id == wanted
            assert link.language == ("sq" if email == "a7@example.com" else None)
            assert (link.expires_at is None) == (purpose == "unsubscribe")
    with pytest.raises(LinkWrongPurpose):
        Signer([key]).read("unsubscribe", token_of(rows[0]["preferences_url"], "preferences"))


def token_of(address: str, purpose: Purpose) -> str:
    start = f"https://prefs.shop.example/{PATHS[purpose]}/"
    assert address.startswith(start)
    return address.removeprefix(start)


def test_header_values_lead_to_one_click_and_need_no_change(
    run: Run, database: Database, site_file: Path, export_of: Export, key: str
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    (row,) = table_of(run("links", site_file, file).stdout)
    assert row["list_unsubscribe_post"] == "List-Unsubscribe=One-Click"
    assert row["list_unsubscribe"][0] + row["list_unsubscribe"][-1] == "<>"
    link = Signer([key]).read("one-click", token_of(row["list_unsubscribe"][1:-1], "one-click"))
    assert link.handle == find_contacts(database, "shop", [ARTA])[ARTA].person.handle
    assert link.expires_at is None


def test_mailto_stands_beside_it_only_when_the_site_names_an_address(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    with site_file.open("r+") as text:
        rest = text.read()
        text.seek(0)
        text.write('unsubscribe_mail = "leave@shop.example"\n' + rest)
    (row,) = table_of(run("links", site_file, file).stdout)
    https, mailto = row["list_unsubscribe"].split(", ")
    token = https.rpartition("/")[2].rstrip(">")
    assert mailto == f"<mailto:leave@shop.example?subject={token}>"


def test_links_of_a_campaign_name_it_and_its_topic(
    run: Run, site_file: Path, export_of: Export, key: str
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    said = ("--topic", "news", "--sentence", "You like news.")
    assert run("campaigns", "add", site_file, "spring", *said).exit_code == 0
    (row,) = table_of(run("links", site_file, file, "--campaign", "spring").stdout)
    addresses = {purpose: row[column] for column, purpose in URLS.items()}
    for purpose, address in {**addresses, "one-click": row["list_unsubscribe"][1:-1]}.items():
        link = Signer([key]).read(purpose, token_of(address, purpose))
        assert (link.campaign, link.topic) == ("spring", "news")


def test_links_of_a_campaign_that_nobody_registered_are_refused(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    result = run("links", site_file, file, "--campaign", "sprng")
    assert result.exit_code == 1
    assert "--campaign sprng: no campaign is called that. register it: " in result.stderr
    assert result.stdout == ""


def test_links_keep_the_columns_as_they_were_and_replace_links_of_an_earlier_run(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    file = tmp_path / "mine.csv"
    file.write_text(
        '\ufeffName,email,questions_url,Phone\n"Arta, H.",ARTA@example.com,old,\'+355\n'
    )
    run("links", site_file, file, "-o", file)
    first = file.read_text()
    header, row = csv.reader(io.StringIO(first))
    assert header == ["Name", "email", "Phone", *LINKS]
    assert row[:3] == ["Arta, H.", "ARTA@example.com", "'+355"]
    run("links", site_file, file, "-o", file)
    assert next(csv.reader(io.StringIO(file.read_text()))) == header
    assert sorted(each.name for each in tmp_path.glob("mine*")) == ["mine.csv"]


def test_contacts_that_are_not_imported_get_no_line_and_a_reason(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    file = export_of("subscribed", "stranger@example.com", ARTA, {"First Name": "Nobody"})
    result = run("links", site_file, file)
    assert [row["Email Address"] for row in table_of(result.stdout)] == [ARTA]
    rejects = table_of((tmp_path / "subscribed.csv.links.rejects.csv").read_text())
    assert [(row["line"], row["reason"]) for row in rejects] == [
        ("2", "not imported yet"),
        ("4", "has no email address"),
    ]
    assert "links for 1, 2 rejected (see " in result.stderr


def test_links_leave_alone_what_the_import_rejected(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA, ARTA)
    run("import", site_file, file)
    assert "links for 2, 0 rejected." in run("links", site_file, file).stderr
    assert (tmp_path / "subscribed.csv.rejects.csv").exists()


def test_links_live_as_long_as_their_purpose_from_the_moment_they_are_made(
    database: Database, site: Site, export_of: Export, key: str
) -> None:
    person = create_profile(database, "shop", 1)
    row = {"site": "shop", "profile": person.id, "kind": "email", "value": ARTA}
    Identity.insert(**row, confirmed=True).execute(database)
    text = io.StringIO(newline="")
    with open_table(export_of("cleaned", ARTA), "Email Address") as table, Rejects(table) as none:
        assert Linking(site, Signer([key]), NOW).write(database, table, text, none) == 1
    (written,) = table_of(text.getvalue())
    link = Signer([key]).read("preferences", token_of(written["preferences_url"], "preferences"))
    assert link.expires_at == NOW + timedelta(days=180)


def test_pending_people_get_no_links(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    pending = create_profile(database, "shop", 1, pending=True)
    row = {"site": "shop", "profile": pending.id, "kind": "email", "value": ARTA}
    Identity.insert(**row).execute(database)
    assert table_of(run("links", site_file, export_of("subscribed", ARTA)).stdout) == []


# ── export ──────────────────────────────────────────────────────────────────────────────────

HEADING = ["email", "language", "status", "paused_until", "offers", "news", "calls", "trade-lists"]


def test_export_tells_what_was_imported_and_then_what_people_changed(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA, "b@example.com"), "--topic", "offers")
    result = run("export", site_file)
    assert result.stdout == (
        f"{','.join(HEADING)}\n"
        "arta@example.com,,subscribed,,email weekly,,,\n"
        "b@example.com,,subscribed,,email weekly,,,\n"
    )
    assert result.stderr == "shop: choices of 2.\n"
    off = {"on": False, "channel": "email", "frequency": "weekly"}
    calls = {"on": True, "channel": "phone", "frequency": "monthly"}
    say(database, ARTA, {"topic:offers": off, "topic:calls": calls, "language": "sq"})
    lines = run("export", site_file).stdout.splitlines()
    assert lines[1:] == [
        "arta@example.com,sq,subscribed,,off,,phone monthly,",
        "b@example.com,,subscribed,,email weekly,,,",
    ]


@pytest.mark.parametrize(
    ("kind", "overall", "status", "paused_until"),
    [
        ("subscribed", None, "subscribed", ""),
        ("subscribed", AS_CHOSEN, "subscribed", ""),
        ("subscribed", {"reach": "less", "until": None}, "less", ""),
        ("subscribed", {"reach": "paused", "until": "2026-11-23"}, "paused", "2026-11-23"),
        ("subscribed", {"reach": "paused", "until": "2026-11-22"}, "subscribed", ""),
        ("subscribed", {"reach": "off", "until": None}, "unsubscribed", ""),
        ("cleaned", None, "undeliverable", ""),
        ("cleaned", {"reach": "less", "until": None}, "undeliverable", ""),
        ("cleaned", {"reach": "off", "until": None}, "unsubscribed", ""),
        ("unsubscribed", None, "unsubscribed", ""),
    ],
)
def test_what_holds_above_the_topics_is_one_word_and_leaves_the_topics_as_they_are(
    run: Run,
    database: Database,
    site_file: Path,
    site: Site,
    export_of: Export,
    kind: str,
    overall: State | None,
    status: str,
    paused_until: str,
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    run("import", site_file, export_of(kind, ARTA))
    if overall:
        say(database, ARTA, {"overall": overall})
    text = io.StringIO(newline="")
    assert write_choices(database, site, date(2026, 11, 22), text) == 1
    (row,) = table_of(text.getvalue())
    assert (row["status"], row["paused_until"]) == (status, paused_until)
    assert (row["offers"], row["news"]) == ("", "email monthly")


def test_pending_people_are_not_exported(run: Run, database: Database, site_file: Path) -> None:
    create_profile(database, "shop", 1, pending=True)
    create_profile(database, "other", 1)
    assert run("export", site_file).stdout.splitlines() == [",".join(HEADING)]


def test_export_keeps_one_order_and_misses_nobody_across_batches(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    emails = [f"a{number}@example.com" for number in range(1203)]
    random.Random(7).shuffle(emails)
    run("import", site_file, export_of("subscribed", *emails))
    create_profile(database, "shop", 1, pending=True)
    first, second = (run("export", site_file).stdout for _ in range(2))
    assert first == second
    assert [row["email"] for row in table_of(first)] == emails


def test_a_topic_that_vanished_is_no_column_but_a_warning(
    run: Run, site_file: Path, export_of: Export, shrink: Callable[[str], None]
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    shrink("news")
    result = run("export", site_file)
    assert "news" not in result.stdout
    assert result.stderr.splitlines()[0] == (
        f"warning: {site_file} no longer declares the topic “news”, held by 1. "
        "It has no column; declare it again to see it."
    )


def test_an_export_is_safe_in_a_spreadsheet_and_read_back_as_it_was(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    emails = ["+arta@example.com", "=cmd|x!a1@example.com", "-b@example.com", "c@example.com"]
    run("import", site_file, export_of("subscribed", *emails))
    out = tmp_path / "choices.csv"
    run("export", site_file, "-o", out)
    assert [row["email"] for row in table_of(out.read_text())] == [
        "'+arta@example.com",
        "'=cmd|x!a1@example.com",
        "'-b@example.com",
        "c@example.com",
    ]
    result = run("links", site_file, out)
    assert len(table_of(result.stdout)) == 4
    assert "links for 4, 0 rejected" in result.stderr


# ── what they have in common ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["import", "links", "export"])
def test_a_missing_setting_is_one_line_with_the_cure(
    run: Run, site_file: Path, export_of: Export, command: str
) -> None:
    files = () if command == "export" else (export_of("subscribed", ARTA),)
    result = run(command, site_file, *files, WIDGET_DATABASE_URL=None)
    assert result.exit_code == 1
    assert result.output.startswith("WIDGET_DATABASE_URL: is not set. set it: ")
    assert result.output.count("\n") == 1


def test_only_links_need_signing_keys(run: Run, site_file: Path, export_of: Export) -> None:
    file = export_of("subscribed", ARTA)
    assert run("import", site_file, file, WIDGET_SIGNING_KEYS=None).exit_code == 0
    assert run("export", site_file, WIDGET_SIGNING_KEYS=None).exit_code == 0
    refused = run("links", site_file, file, WIDGET_SIGNING_KEYS=None)
    assert refused.output.startswith("WIDGET_SIGNING_KEYS: is not set.")


def test_keys_may_come_from_a_file(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path, key: str
) -> None:
    (tmp_path / "keys").write_text(f"{key}\n")
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    keys = {"WIDGET_SIGNING_KEYS": None, "WIDGET_SIGNING_KEYS_FILE": str(tmp_path / "keys")}
    assert len(table_of(run("links", site_file, file, **keys).stdout)) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@/none?host=/nowhere", "connection"),
        ("sqlite:////proc/none/widget.db", "the folder /proc/none cannot be made"),
        ("mysql://host/db", "“mysql” is no database known here"),
    ],
)
def test_a_database_that_does_not_answer_is_one_line(
    run: Run, site_file: Path, url: str, said: str
) -> None:
    result = run("export", site_file, WIDGET_DATABASE_URL=url)
    assert result.exit_code == 1
    assert result.output.startswith("WIDGET_DATABASE_URL: ")
    assert said in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("command", ["import", "links"])
def test_a_file_that_cannot_be_read_changes_and_writes_nothing(
    run: Run, site_file: Path, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "excel.csv"
    file.write_bytes("Email Address;TAGS\nela@example.com;Ëmbël\n".encode("cp1252"))
    result = run(command, site_file, file)
    assert result.exit_code == 1
    assert result.output.startswith(
        f"{file}: line 2: it is not in UTF-8 and looks like Windows-1252"
    )
    assert result.output.count("\n") == 1
    assert not (tmp_path / "widget.db").exists()


def test_a_site_file_with_a_mistake_stops_every_command(
    run: Run, site_file: Path, export_of: Export
) -> None:
    site_file.write_text("id = 1\n")
    file = export_of("subscribed", ARTA)
    for arguments in (
        ("import", site_file, file),
        ("links", site_file, file),
        ("export", site_file),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert str(site_file) in result.output


def test_progress_is_shown_on_a_terminal_only(
    site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    start = "from widget_backend.cli import main; main()"
    command = [sys.executable, "-c", start, "import", site_file]
    settings = {**os.environ, "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/widget.db"}
    settings["TERM"] = "xterm"
    ours, theirs = pty.openpty()
    file = export_of("subscribed", *(f"a{number}@example.com" for number in range(1200)))
    on_terminal = subprocess.run(
        [*command, file], env=settings, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Reading" in shown
    assert "100%" in shown
    assert on_terminal.stdout.startswith("subscribed.csv (subscribed): 1,200 new")
    in_a_pipe = subprocess.run([*command, file], env=settings, capture_output=True, check=True)
    assert in_a_pipe.stderr == b""


def test_no_personal_data_is_printed(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    canary = "canary@example.com"
    file = export_of("subscribed", canary, canary, f"{canary} {canary}", {"First Name": canary})
    said = [run("import", site_file, file, "--topic", "offers").output for _ in range(2)]
    said += [run("links", site_file, file, "-o", tmp_path / "links.csv").output]
    said += [run("export", site_file, "-o", tmp_path / "out.csv").output]
    assert all(said)
    assert "canary" not in "".join(said)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before")

    def interrupted() -> None:
        with output(file) as text:
            text.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
    with output(file) as text:
        text.write("ë")
    assert file.read_bytes() == "ë".encode()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="cannot be written"), output(tmp_path / "no" / "out.csv"):
        pytest.fail("it was opened")


def test_the_demo_sites_contacts_come_in_whole(run: Run) -> None:
    demo = Path(__file__).parents[2] / "widget_backend" / "demo" / "dimora"
    result = run("import", demo / "SITE.toml", demo / "contacts.csv", "--map", demo / "tags.toml")
    assert "0 updated, 0 unchanged, 0 rejected.\n" in result.output
    people = table_of(run("export", demo / "SITE.toml").stdout)
    assert len(people) >= 10
    assert any(row["offers"].startswith("email") for row in people)
